"""Cross-origin headers of capture answers (capture-protocol §1.1, sdk-contract §9).

The origin is mirrored, since old browser SDKs send credentials and `*` is then invalid. That is
safe because capture reads no cookies and only ever writes.
"""

from typing import Final

Headers = list[tuple[str, str]]

PREFLIGHT_MAX_AGE_SECONDS: Final = 600

_VARY = (
    "vary",
    "origin, access-control-request-method, access-control-request-headers",
)


def response_headers(origin: str | None) -> Headers:
    """The headers of every answer, errors included; without an origin nothing is allowed."""
    if not origin:
        return [_VARY]
    return [
        _VARY,
        ("access-control-allow-origin", origin),
        ("access-control-allow-credentials", "true"),
        ("access-control-expose-headers", "Retry-After"),
    ]


def preflight_headers(
    origin: str | None, requested_headers: str | None, methods: str = "GET,POST,OPTIONS"
) -> Headers:
    """The headers of the answer to OPTIONS; `requested_headers` is mirrored."""
    headers = response_headers(origin)
    headers.append(("access-control-allow-methods", methods))
    if requested_headers:
        headers.append(("access-control-allow-headers", requested_headers))
    headers.append(("access-control-max-age", str(PREFLIGHT_MAX_AGE_SECONDS)))
    return headers
