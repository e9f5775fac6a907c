"""Lists that come a page at a time, with the addresses of the pages around (read-api §3.2)."""

from typing import Annotated, Any
from urllib.parse import urlencode

from litestar import Request
from litestar.params import QueryParameter

AnyRequest = Request[Any, Any, Any]
Limit = Annotated[int, QueryParameter(ge=1, le=1000)]
Offset = Annotated[int, QueryParameter(ge=0, le=1_000_000)]


def page_url(request: AnyRequest, **changed: Any) -> str:
    """Whole, with the host that was asked: clients follow it as it is."""
    query = {**dict(request.query_params.items()), **changed}
    host = request.headers.get("host", "127.0.0.1")
    return f"{request.url.scheme}://{host}{request.url.path}?{urlencode(query)}"


def page_object(
    request: AnyRequest, results: list[dict[str, Any]], count: int, limit: int, offset: int
) -> dict[str, Any]:
    """`results` of one page, of `count` in all."""
    before = max(offset - limit, 0)
    more = offset + limit < count
    return {
        "count": count,
        "next": page_url(request, limit=limit, offset=offset + limit) if more else None,
        "previous": page_url(request, limit=limit, offset=before) if offset > 0 else None,
        "results": results,
    }
