"""`POST query/`: a question, and its answer (read-api §3.3)."""

import asyncio
from typing import Any, Final

import msgspec
from litestar import Request, post

from hedgerow.api.auth import authorized_project
from hedgerow.api.body import json_object
from hedgerow.api.errors import ApiError
from hedgerow.api.services import Services
from hedgerow.query.sql import prepare

_SUPPORTED: Final = ("HogQLQuery",)
# Nodes that only say how to show the query they hold.
_WRAPPERS: Final = ("DataTableNode", "DataVisualizationNode", "InsightVizNode")
_WRAPPERS_MAX: Final = 5
# Answers are never cached, so every known way to refresh runs the query and waits for it.
_REFRESH: Final = (
    *("blocking", "force_blocking", "async", "force_async", "async_except_on_cache_miss"),
    *("lazy_async", "force_cache"),
)
# Fields that would change the answer: to ignore them would give a wrong one.
_UNSUPPORTED_IN_BODY: Final = ("filters_override", "variables_override")
_UNSUPPORTED_IN_QUERY: Final = ("filters", "values", "variables")


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


def _unwrapped(query: Any) -> dict[str, Any]:
    """The query inside nodes such as DataTableNode. Raises `ApiError` 400."""
    for _ in range(_WRAPPERS_MAX):
        if not isinstance(query, dict):
            raise ApiError(400, "The query must be an object with a kind.", attribute="query")
        if query.get("kind") not in _WRAPPERS:
            return query
        query = query.get("source")
    raise ApiError(400, "The query is wrapped too often.", attribute="query")


def _check_body(body: dict[str, Any]) -> None:
    if "query" not in body:
        raise ApiError(400, "The body must have a query.", code="required", attribute="query")
    refresh = body.get("refresh")
    # Older clients send true and false.
    if refresh is not None and not isinstance(refresh, bool) and refresh not in _REFRESH:
        raise ApiError(400, f"refresh must be one of {', '.join(_REFRESH)}.", attribute="refresh")
    _refuse_unsupported(body, _UNSUPPORTED_IN_BODY, "")


def _refuse_unsupported(fields: dict[str, Any], names: tuple[str, ...], prefix: str) -> None:
    """Empty ones change nothing, and are let pass."""
    for name in names:
        if fields.get(name):
            raise ApiError(400, f"{name} is not supported.", attribute=f"{prefix}{name}")


def _sql(query: dict[str, Any]) -> str:
    """The text of a HogQLQuery. Raises `ApiError` 400 naming the field that is wrong."""
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
    _refuse_unsupported(query, _UNSUPPORTED_IN_QUERY, "query.")
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
    body = await json_object(request)
    _check_body(body)
    sql = _sql(_unwrapped(body["query"]))
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
            timezone=project.settings.time_zone,
        )

    return await asyncio.to_thread(run)
