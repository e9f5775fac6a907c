"""The page at `/`: the first event arriving, and how to send it. No script at all.

Every value of an event is hostile: all text is escaped, and the policy allows no script even if
one slipped through (reliability §8.2).
"""

import asyncio
import hashlib
import hmac
from base64 import b64encode
from html import escape
from importlib.resources import files
from typing import Any, Final

from litestar import Request, Response, get
from litestar.response import Redirect

from hedgerow.api.health import status
from hedgerow.api.services import Services
from hedgerow.core import json
from hedgerow.core.errors import HedgerowError
from hedgerow.directory.projects import list_projects
from hedgerow.directory.warnings import WarningSummary, list_warnings
from hedgerow.query.events import EventDetails, EventFilter, list_events

_COOKIE: Final = "hedgerow_session"
_SESSION_SECONDS: Final = 12 * 3600
_EVENTS_SHOWN: Final = 50
_REFRESH_SECONDS: Final = 3
_STYLE: Final = files("hedgerow.api").joinpath("page.css").read_text(encoding="utf-8")
_STYLE_HASH: Final = b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()

HEADERS: Final = {
    "content-security-policy": (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
}


def session_value(sign_in_token: str) -> str:
    """What the cookie holds: proof of the token, not the token."""
    return hmac.new(sign_in_token.encode(), b"hedgerow session", hashlib.sha256).hexdigest()


def is_signed_in(request: Request[Any, Any, Any], services: Services) -> bool:
    if not services.sign_in_token:
        return False
    sent = request.cookies.get(_COOKIE, "")
    return hmac.compare_digest(sent.encode(), session_value(services.sign_in_token).encode())


@get("/", include_in_schema=False)
async def home(
    request: Request[Any, Any, Any], services: Services, token: str | None = None
) -> Response[Any]:
    if token is not None and services.sign_in_token:
        if hmac.compare_digest(token.encode(), services.sign_in_token.encode()):
            return _signed_in_redirect(services)
        return render_page("Sign in", _refused())
    if not is_signed_in(request, services):
        return render_page("Hedgerow", _signed_out(request))
    body = await asyncio.to_thread(_activity, request, services)
    return render_page("Activity", body, refresh=True)


def _signed_in_redirect(services: Services) -> Redirect:
    response = Redirect("/", headers=HEADERS)
    response.set_cookie(
        key=_COOKIE,
        value=session_value(services.sign_in_token),
        max_age=_SESSION_SECONDS,
        httponly=True,
        samesite="strict",
    )
    return response


def render_page(title: str, body: str, *, refresh: bool = False) -> Response[str]:
    head = f'<meta http-equiv="refresh" content="{_REFRESH_SECONDS}">' if refresh else ""
    text = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)} - Hedgerow</title>{head}<style>{_STYLE}</style></head>"
        '<body><header><span class="mark"></span>Hedgerow</header>'
        f"<main>{body}</main></body></html>"
    )
    return Response(text, media_type="text/html; charset=utf-8", headers=HEADERS)


def _curl(request: Request[Any, Any, Any], key: str) -> str:
    host = request.headers.get("host", "127.0.0.1:8000")
    body = f'{{"api_key":"{key}","event":"hello","distinct_id":"me"}}'
    line = f"curl http://{host}/i/v0/e/ -H 'Content-Type: application/json' -d '{body}'"
    return f"<pre><code>{escape(line)}</code></pre>"


def _refused() -> str:
    return (
        "<h1>This link no longer works</h1><p>Each start of the server prints a new link. Copy the "
        "address after <b>Open</b> from its output.</p>"
    )


def _signed_out(request: Request[Any, Any, Any]) -> str:
    return (
        "<h1>Hedgerow is running</h1><p>To see events, open the link that the server printed when "
        "it started (the line <b>Open</b>).</p><h2>Send a first event</h2>"
        f"{_curl(request, 'YOUR_PROJECT_KEY')}"
    )


def _activity(request: Request[Any, Any, Any], services: Services) -> str:
    project = list_projects(services.directory)[0]
    try:
        found = list_events(services.query_runner, project.id, EventFilter(), limit=_EVENTS_SHOWN)
    except HedgerowError as error:
        return f"<h1>Activity</h1><p>{escape(str(error))}</p>"
    events = _events_table(found) if found else _waiting()
    return (
        f"<h1>Activity</h1>{_tiles(services)}{events}{_warnings(services, project.id)}"
        f"<h2>Send an event</h2><p>Project key <code>{escape(project.api_token)}</code></p>"
        f"{_curl(request, project.api_token)}"
    )


def _waiting() -> str:
    return (
        '<div class="empty"><span class="pulse"></span><p>Waiting for your first event</p>'
        "<p>Paste the line below into a terminal; the event shows here within a second.</p></div>"
    )


def _tiles(services: Services) -> str:
    now = status(services)
    counts = now["outcomes"]
    age = now["newest_event_age_seconds"]
    shown = {
        "Received": f"{counts['received']:,}",
        "Stored": f"{counts['stored']:,}",
        "Dropped": f"{sum(counts['dropped'].values()):,}",
        "Duplicates": f"{counts['duplicates']:,}",
        "Newest event": "none yet" if age is None else _ago(age),
    }
    tiles = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>"
        for name, value in shown.items()
    )
    return f'<dl class="tiles">{tiles}</dl>'


def _ago(seconds: float) -> str:
    for unit, size in (("d", 86_400), ("h", 3600), ("min", 60)):
        if seconds >= size:
            return f"{seconds / size:.0f} {unit} ago"
    return f"{seconds:.0f} s ago"


def _events_table(found: list[EventDetails]) -> str:
    rows = "".join(_event_row(event) for event in found)
    return (
        '<div class="table"><table><thead><tr><th>Event</th><th>Person</th><th>URL or screen</th>'
        f"<th>Library</th><th>Time (UTC)</th></tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _event_row(event: EventDetails) -> str:
    where = event.properties.get("$current_url") or event.properties.get("$screen_name") or ""
    cells = (
        event.event,
        event.person_properties.get("email") or event.distinct_id,
        where,
        event.properties.get("$lib") or "",
        event.timestamp[:19].replace("T", " "),
    )
    return "<tr>" + "".join(f"<td>{escape(str(cell)[:120])}</td>" for cell in cells) + "</tr>"


def _warning_row(item: WarningSummary) -> str:
    sample = json.encode(item.samples[0].details).decode()[:200] if item.samples else ""
    cells = (escape(item.type), f"{item.count:,}", f"<code>{escape(sample)}</code>")
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def _warnings(services: Services, project_id: int) -> str:
    found = list_warnings(services.directory, project_id, 10, 1)
    if not found:
        return ""
    rows = "".join(_warning_row(item) for item in found)
    return (
        '<h2>Warnings</h2><div class="table"><table class="warnings"><thead><tr><th>Reason</th>'
        f"<th>Count</th><th>Last sample</th></tr></thead><tbody>{rows}</tbody></table></div>"
    )
