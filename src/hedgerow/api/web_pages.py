"""The web app's files: built into the package, compressed beforehand, cached for good by name.

Every address of the app answers with the same page; its script shows what the address means.
"""

from typing import Any, Final

from litestar import Request, Response, get

from hedgerow.api.errors import ApiError
from hedgerow.api.services import Services
from hedgerow.api.session_routes import sign_in_by_link
from hedgerow.api.static_files import StaticFile

_FOR_GOOD: Final = "public, max-age=31536000, immutable"
_ASK_AGAIN: Final = "no-cache"

# No script and no style but our own files; charts and pictures of events load nothing from
# elsewhere, so a hostile value can neither run nor tell that it was looked at.
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; "
    "frame-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
# A recorded page is shown in this one, which runs no script of any kind: its own policy, the
# sandbox, and the sandbox of the frame that the app makes within it each forbid it. Recorded
# styles are inline, so those are allowed.
_FRAME_POLICY: Final = (
    "sandbox allow-same-origin; default-src 'none'; script-src 'none'; "
    "style-src 'unsafe-inline'{outside}; img-src data: blob:{outside}; font-src data:{outside}; "
    "media-src data: blob:{outside}; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
PAGE_HEADERS: Final = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}

AnyRequest = Request[Any, Any, Any]


def _answer(request: AnyRequest, file: StaticFile, cache_control: str) -> Response[bytes]:
    accepted = request.headers.get("accept-encoding", "")
    names = {part.partition(";")[0].strip() for part in accepted.split(",")}
    encoding = next((name for name in file.encodings if name in names), None)
    headers = {**PAGE_HEADERS, "cache-control": cache_control, "vary": "accept-encoding"}
    if encoding is not None:
        headers["content-encoding"] = encoding
    return Response(file.forms[encoding], media_type=file.media_type, headers=headers)


def _page(request: AnyRequest, services: Services) -> Response[bytes]:
    index = services.web_files.get("index.html")
    if index is None:
        raise ApiError(
            404, "This installation was built without the web app. Run: python web/build.py"
        )
    return _answer(request, index, _ASK_AGAIN)


@get("/", include_in_schema=False)
async def home(request: AnyRequest, services: Services, token: str | None = None) -> Response[Any]:
    if token is not None:
        return sign_in_by_link(request, services, token)
    return _page(request, services)


@get(
    ["/sign-in", "/join/{rest:path}", "/project", "/project/{rest:path}", "/account"],
    include_in_schema=False,
)
async def page(request: AnyRequest, services: Services) -> Response[bytes]:
    return _page(request, services)


@get("/assets/{name:str}", include_in_schema=False)
async def asset(request: AnyRequest, services: Services, name: str) -> Response[bytes]:
    """Its name has a hash of what is in it."""
    file = services.web_files.get(f"assets/{name}")
    if file is None:
        raise ApiError(404, "Not found.")
    return _answer(request, file, _FOR_GOOD)


@get(["/icon.svg", "/favicon.ico"], include_in_schema=False)
async def icon(request: AnyRequest, services: Services) -> Response[bytes]:
    file = services.web_files.get("icon.svg")
    if file is None:
        raise ApiError(404, "Not found.")
    return _answer(request, file, _ASK_AGAIN)


@get("/replay-frame", include_in_schema=False)
async def replay_frame(
    request: AnyRequest, services: Services, outside: bool = False
) -> Response[bytes]:
    """Where a recorded page is shown; `outside` lets it load pictures, styles, fonts from its site.

    Without that, looking at a recording tells nobody of it.
    """
    file = services.web_files.get("replay-frame.html")
    if file is None:
        raise ApiError(404, "Not found.")
    answer = _answer(request, file, _ASK_AGAIN)
    answer.headers["content-security-policy"] = _FRAME_POLICY.format(
        outside=" http: https:" if outside else ""
    )
    return answer


WEB_ROUTES: Final = [home, page, asset, icon, replay_frame]
