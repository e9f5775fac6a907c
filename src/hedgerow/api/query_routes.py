"""`POST query/`: a question, and its answer (read-api §3.3)."""

import asyncio
from typing import Any, Final

from litestar import Request, Response, post

from hedgerow.api.auth import authorized_project
from hedgerow.api.body import json_object
from hedgerow.api.errors import ApiError
from hedgerow.api.services import Services
from hedgerow.api.sql_query import (
    QueryAnswer,
    asked_format,
    query_options,
    run_file,
    run_json,
    sql_text,
)

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


def _check_kind(query: dict[str, Any]) -> None:
    """Raises `ApiError` 400."""
    kind = query.get("kind")
    if kind not in _SUPPORTED:
        raise ApiError(
            400,
            f"Queries of kind {str(kind)[:100]!r} are not supported; "
            f"supported: {', '.join(_SUPPORTED)}.",
            attribute="query.kind",
        )


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
) -> QueryAnswer | Response[Any]:
    """`{"query": {"kind": "HogQLQuery", "query": "SELECT …"}}`

    As JSON, or by the Accept header as text/csv, application/vnd.apache.parquet or
    application/vnd.apache.arrow.stream.
    """
    project = await authorized_project(request, services, project_id)
    body = await json_object(request)
    _check_body(body)
    query = _unwrapped(body["query"])
    _check_kind(query)
    sql = sql_text(query)
    answer_format = asked_format(request.headers.get("accept"))

    def run() -> QueryAnswer | Response[Any]:
        options = query_options(query, services, project)
        if answer_format is None:
            return run_json(services, project, sql, options)
        return run_file(services, project, sql, options, answer_format)

    return await asyncio.to_thread(run)
