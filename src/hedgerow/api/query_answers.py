"""A query's answer: from the cache if it is fresh, worked out otherwise (read-api §3.3).

Fresh means: no event has been ingested since. What was asked is named by the statements that would
be run, so a change of settings, dates, cohorts or actions is another question.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from hedgerow.api.insight_context import insight_context
from hedgerow.api.services import Services
from hedgerow.api.sql_help import database_schema, sql_metadata
from hedgerow.api.sql_query import prepare_sql, run_json
from hedgerow.api.times import shown_time
from hedgerow.directory.projects import Project
from hedgerow.query.cancellation import Cancellation
from hedgerow.query.insight_runner import plan_insight, run_plan
from hedgerow.query.lexing import called_names
from hedgerow.query.result_cache import CachedAnswer, cache_key

SQL_KIND: Final = "HogQLQuery"
# A query that calls these gives another answer on the same data.
_CHANGING: Final = frozenset(("now", "now64", "today", "yesterday"))

Run = Callable[[Cancellation], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class PreparedAnswer:
    """`run` works it out; `key` names the question, None where an answer must not be kept."""

    run: Run
    key: str | None
    data_version: int


def prepare_answer(services: Services, project: Project, query: dict[str, Any]) -> PreparedAnswer:
    """Check and plan the query (blocking). Raises `QueryError` or `ApiError`."""
    # Before the plan: what is ingested meanwhile makes the answer look older than it is.
    data_version = services.ingest_status().position
    prepared = _PREPARED.get(str(query.get("kind")), _insight)
    run, texts = prepared(services, project, query)
    changes = any(name.lower() in _CHANGING for text in texts for name in called_names(text))
    key = None if changes else cache_key(project.id, query, texts, project.settings.time_zone)
    return PreparedAnswer(run, key, data_version)


def fresh_answer(services: Services, prepared: PreparedAnswer) -> dict[str, Any] | None:
    """The kept answer, if nothing was ingested since."""
    found = _kept(services, prepared)
    if found is None or found.data_version != prepared.data_version:
        return None
    return _shown(prepared, found, is_cached=True)


def kept_answer(services: Services, prepared: PreparedAnswer) -> dict[str, Any] | None:
    """The kept answer, however old."""
    found = _kept(services, prepared)
    return None if found is None else _shown(prepared, found, is_cached=True)


def _kept(services: Services, prepared: PreparedAnswer) -> CachedAnswer | None:
    return None if prepared.key is None else services.result_cache.get(prepared.key)


def new_answer(
    services: Services, prepared: PreparedAnswer, cancellation: Cancellation
) -> dict[str, Any]:
    """Work it out and keep it (blocking). Raises `QueryError`."""
    made_at_us = services.clock.now_us()
    if prepared.key is None:
        body = prepared.run(cancellation)
        return _shown(prepared, CachedAnswer(body, 0, made_at_us, 0), is_cached=False)
    answer = services.result_cache.run(
        prepared.key, prepared.data_version, made_at_us, prepared.run, cancellation
    )
    return _shown(prepared, answer, is_cached=False)


def _shown(prepared: PreparedAnswer, answer: CachedAnswer, *, is_cached: bool) -> dict[str, Any]:
    made_at = shown_time(answer.made_at_us)
    return answer.body | {
        "is_cached": is_cached,
        "cache_key": prepared.key,
        "last_refresh": made_at,
        "next_allowed_client_refresh": made_at,
        "query_status": None,
        "error": None,
    }


def _insight(services: Services, project: Project, query: dict[str, Any]) -> tuple[Run, list[str]]:
    context = insight_context(services, project, query)
    plan = plan_insight(query, context)

    def run(cancellation: Cancellation) -> dict[str, Any]:
        found = run_plan(services.query_runner, plan, cancellation)
        elapsed_ms = 1000 * sum(timing["t"] for timing in found.timings)
        services.promotions.note(context.properties_read, elapsed_ms)
        return {
            "results": found.results,
            **found.fields,
            "hogql": found.hogql,
            "timings": found.timings,
            "resolved_date_range": found.resolved_date_range,
            "modifiers": query.get("modifiers"),
            "timezone": project.settings.time_zone,
        }

    return run, [statement.sql() for statement in plan.statements]


def _sql(services: Services, project: Project, query: dict[str, Any]) -> tuple[Run, list[str]]:
    prepared = prepare_sql(services, project, query)

    def run(cancellation: Cancellation) -> dict[str, Any]:
        return run_json(services, project, query, prepared, cancellation)

    return run, [prepared.sql]


def _metadata(services: Services, project: Project, query: dict[str, Any]) -> tuple[Run, list[str]]:
    return lambda _is_cancelled: sql_metadata(services, project, query), []


def _schema(services: Services, project: Project, _query: dict[str, Any]) -> tuple[Run, list[str]]:
    return lambda _is_cancelled: database_schema(services, project), []


_PREPARED: Final = {
    SQL_KIND: _sql,
    "HogQLMetadata": _metadata,
    "DatabaseSchemaQuery": _schema,
}
