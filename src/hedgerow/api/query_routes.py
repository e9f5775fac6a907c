"""`POST query/`: a question, and its answer (read-api §3.3)."""

import asyncio
from typing import Any, Final

from litestar import Request, post

from hedgerow.api.auth import authorized_project
from hedgerow.api.body import json_object
from hedgerow.api.errors import ApiError
from hedgerow.api.insight_context import insight_context
from hedgerow.api.services import Services
from hedgerow.directory.projects import Project
from hedgerow.query.insight_runner import run_insight
from hedgerow.query.insights.read_node import unwrapped
from hedgerow.query.sql import prepare

_SQL_KIND: Final = "HogQLQuery"
# Answers are never cached, so every known way to refresh runs the query and waits for it.
_REFRESH: Final = (
    *("blocking", "force_blocking", "async", "force_async", "async_except_on_cache_miss"),
    *("lazy_async", "force_cache"),
)
# Fields that would change the answer: to ignore them would give a wrong one.
_UNSUPPORTED_IN_BODY: Final = ("filters_override", "variables_override")
_UNSUPPORTED_IN_QUERY: Final = ("filters", "values", "variables")


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
) -> dict[str, Any]:
    """`{"query": {"kind": "TrendsQuery", "series": [{"event": "$pageview"}]}}`"""
    project = await authorized_project(request, services, project_id)
    body = await json_object(request)
    _check_body(body)
    query = unwrapped(body["query"])
    if query.get("kind") == _SQL_KIND:
        return await asyncio.to_thread(_run_sql, services, project, _sql(query))
    return await asyncio.to_thread(_run_insight, services, project, query)


def _run_sql(services: Services, project: Project, sql: str) -> dict[str, Any]:
    prepared = prepare(sql, project_id=project.id, rows_max=services.settings.query_rows_max)
    result = services.query_runner.run(prepared)
    return {
        "results": result.rows,
        "columns": result.columns,
        "types": [list(pair) for pair in zip(result.columns, result.types, strict=True)],
        "hasMore": result.has_more,
        "limit": prepared.limit,
        "offset": prepared.offset,
        "hogql": sql,
        "timings": [{"k": "run", "t": round(result.elapsed_ms / 1000, 6)}],
        **_common(project),
    }


def _run_insight(services: Services, project: Project, query: dict[str, Any]) -> dict[str, Any]:
    context = insight_context(services, project, query)
    found = run_insight(services.query_runner, query, context)
    return {
        "results": found.results,
        **found.fields,
        "hogql": found.hogql,
        "timings": found.timings,
        "resolved_date_range": found.resolved_date_range,
        **_common(project),
    }


def _common(project: Project) -> dict[str, Any]:
    return {
        "timezone": project.settings.time_zone,
        "is_cached": False,
        "query_status": None,
        "error": None,
    }
