"""A HogQLQuery node: its fields checked, run, and answered in the format asked for."""

from collections.abc import Mapping
from typing import Any, Final

from litestar import Response
from litestar.response import Stream
from litestar.response.base import ASGIResponse

from hedgerow.api.errors import ApiError
from hedgerow.api.insight_context import insight_context
from hedgerow.api.services import Services
from hedgerow.directory.projects import Project
from hedgerow.query.cancellation import Cancellation
from hedgerow.query.formats import MEDIA_TYPES, AnswerFormat, encoded
from hedgerow.query.insights.sql_filters import sql_filters
from hedgerow.query.property_types import DirectoryTypes
from hedgerow.query.sql import LIMIT_DEFAULT, PreparedQuery, QueryOptions, prepare

_WORDS: Final[dict[str, AnswerFormat]] = {
    "text/csv": "csv",
    "application/vnd.apache.parquet": "parquet",
    "application/x-parquet": "parquet",
    "application/vnd.apache.arrow.stream": "arrow",
}


def asked_format(accept: str | None) -> AnswerFormat | None:
    """The first format of the Accept header that we have; None for JSON."""
    for part in (accept or "").split(","):
        media_type = part.partition(";")[0].strip().lower()
        if media_type in _WORDS:
            return _WORDS[media_type]
        if media_type in ("application/json", "*/*"):
            return None
    return None


def prepare_sql(
    services: Services, project: Project, query: Mapping[str, Any], *, is_file: bool = False
) -> PreparedQuery:
    """The node's SQL with all that the node gives beside it; a file has all rows by default.

    Raises `ApiError` 400 or `QueryError` naming the field that is wrong.
    """
    sql = query.get("query")
    if not isinstance(sql, str) or not sql.strip():
        raise ApiError(400, "The query's text is missing.", attribute="query.query")
    rows_max = services.settings.query_rows_max
    filters = sql_filters(query.get("filters"), insight_context(services, project, {}))
    options = QueryOptions(
        values=_object(query, "values"),
        variables=_variables(_object(query, "variables")),
        date_range_us=filters.date_range_us,
        event_condition=filters.condition,
        types=DirectoryTypes(services.directory, project.id),
        promoted=services.promotions.promoted(),
        explain=bool(query.get("explain")),
        limit_default=rows_max if is_file else LIMIT_DEFAULT,
    )
    return prepare(sql, project_id=project.id, rows_max=rows_max, options=options)


def run_json(
    services: Services,
    project: Project,
    query: Mapping[str, Any],
    prepared: PreparedQuery,
    cancellation: Cancellation,
) -> dict[str, Any]:
    """Blocking. Raises `QueryError`."""
    result = services.query_runner.run(prepared, cancellation)
    services.promotions.note(prepared.properties, result.elapsed_ms)
    return {
        "results": result.rows,
        "columns": result.columns,
        "types": [list(pair) for pair in zip(result.columns, result.types, strict=True)],
        "hasMore": result.has_more,
        "limit": prepared.limit,
        "offset": prepared.offset,
        "hogql": query["query"],
        "clickhouse": prepared.sql,
        "explain": [row[0] for row in result.rows] if prepared.explains else None,
        "timings": [{"k": "run", "t": round(result.elapsed_ms / 1000, 6)}],
        "timezone": project.settings.time_zone,
    }


def run_file(
    services: Services,
    project: Project,
    query: Mapping[str, Any],
    answer_format: AnswerFormat,
    cancellation: Cancellation,
) -> Response[Any]:
    """The answer as a file, all rows up to the limit of rows (blocking). Raises `QueryError`."""
    prepared = prepare_sql(services, project, query, is_file=True)
    result = services.query_runner.run_arrow(prepared, cancellation)
    services.promotions.note(prepared.properties, result.elapsed_ms)
    return _File(
        encoded(result.table, answer_format),
        media_type=MEDIA_TYPES[answer_format],
        headers={
            "x-has-more": "true" if result.has_more else "false",
            "content-disposition": f'attachment; filename="answer.{answer_format}"',
        },
    )


class _File(Stream):
    """Keeps its own media type, where the framework would put the route's."""

    def to_asgi_response(self, *arguments: Any, **named: Any) -> ASGIResponse:
        return super().to_asgi_response(*arguments, **(named | {"media_type": self.media_type}))


def _object(query: Mapping[str, Any], name: str) -> dict[str, Any]:
    value = query.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise ApiError(400, f"{name} must be an object.", attribute=f"query.{name}")
    return value


def _variables(variables: Mapping[str, Any]) -> dict[str, Any]:
    """By the name that a query writes; PostHog sends them by id with their `code_name`."""
    found = {}
    for key, item in variables.items():
        if isinstance(item, dict):
            value = None if item.get("isNull") else item.get("value")
            found[str(item.get("code_name") or key)] = value
        else:
            found[key] = item
    return found
