"""Refuses requests that another site makes a browser send with our cookie.

Browsers say where a request comes from: `Sec-Fetch-Site`, and `Origin` in older ones. A page
cannot forge either, so no token is needed.
"""

from typing import Any, Final
from urllib.parse import urlsplit

from litestar import Request

from hedgerow.api.errors import ApiError

_OWN: Final = frozenset(("same-origin", "none"))


def refuse_cross_site(request: Request[Any, Any, Any]) -> None:
    """Raises `ApiError` 403."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        allowed = site in _OWN
    else:
        origin = request.headers.get("origin")
        allowed = origin is not None and urlsplit(origin).netloc == request.headers.get("host")
    if not allowed:
        raise ApiError(403, "This request did not come from Hedgerow's own pages.")
