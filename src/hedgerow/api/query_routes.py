"""`POST query/`: a question, and its answer (read-api §3.3)."""

import asyncio
from typing import Any

import msgspec
from litestar import Request, post

from hedgerow.api.auth import authorized_project
from hedgerow.api.errors import ApiError
from hedgerow.api.services import Services
from hedgerow.core import json
from hedgerow.query.sql import prepare

_SUPPORTED = ("HogQLQuery",)
_WRAPPERS_MAX = 5


class QueryAnswer(msgspec.Struct, kw_only=True):
    results: list[list[Any]]
    columns: list[str]
    types: list[list[str]]
    hasMore: bool  # noqa: N815 - the wire's name
    limit: int
    offset: int
    hogql: str
    timings: list[dict[str, Any]]
    timezone: str
    is_cached: bool = False
    query_status: None = None
    error: None = None


def unwrapped(query: Any) -> dict[str, Any]:
    """The query inside nodes such as DataTableNode, which only say how to show it."""
    for _ in range(_WRAPPERS_MAX):
        if not isinstance(query, dict):
            raise ApiError(400, "The query must be an object with a kind.", attribute="query")
        if "source" not in query:
            break
        query = query["source"]
    return dict(query)


async def _body(request: Request[Any, Any, Any]) -> dict[str, Any]:
    try:
        body = json.decode(await request.body())
    except ValueError as error:
        raise ApiError(400, f"The body is not valid JSON: {error}") from None
    if not isinstance(body, dict) or "query" not in body:
        raise ApiError(400, "The body must be an object with a query.", attribute="query")
    return body


def _sql(query: dict[str, Any]) -> str:
    kind = query.get("kind")
    if kind not in _SUPPORTED:
        raise ApiError(
            400,
            f"Queries of kind {str(kind)[:100]!r} are not supported; "
            f"supported: {', '.join(_SUPPORTED)}.",
            attribute="query.kind",
        )
    sql = query.get("query")
    if not isinstance(sql, str) or not sql.strip():
        raise ApiError(400, "The query's text is missing.", attribute="query.query")
    return sql


@post(
    [
        "/api/projects/{project_id:str}/query",
        "/api/environments/{project_id:str}/query",
    ],
    status_code=200,
    summary="Run a query",
)
async def run_query(
    request: Request[Any, Any, Any], services: Services, project_id: str
) -> QueryAnswer:
    """`{"query": {"kind": "HogQLQuery", "query": "SELECT …"}}`"""
    project = await authorized_project(request, services, project_id)
    sql = _sql(unwrapped((await _body(request))["query"]))
    rows_max = services.settings.query_rows_max

    def run() -> QueryAnswer:
        prepared = prepare(sql, project_id=project.id, rows_max=rows_max)
        result = services.query_runner.run(prepared)
        return QueryAnswer(
            results=result.rows,
            columns=result.columns,
            types=[list(pair) for pair in zip(result.columns, result.types, strict=True)],
            hasMore=result.has_more,
            limit=prepared.limit,
            offset=prepared.offset,
            hogql=sql,
            timings=[{"k": "run", "t": round(result.elapsed_ms / 1000, 6)}],
            timezone=project.time_zone,
        )

    return await asyncio.to_thread(run)
