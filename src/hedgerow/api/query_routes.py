"""`POST query/`: a question, and its answer at once or by its id later (read-api §3.3)."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any, Final, TypeVar
from uuid import uuid4

from litestar import Request, Response, delete, get, post

from hedgerow.api.auth import authorized_project
from hedgerow.api.body import json_object
from hedgerow.api.errors import ApiError
from hedgerow.api.overrides import overridden
from hedgerow.api.query_answers import (
    SQL_KIND,
    PreparedAnswer,
    fresh_answer,
    kept_answer,
    new_answer,
    prepare_answer,
)
from hedgerow.api.services import Services
from hedgerow.api.sql_query import asked_format, run_file
from hedgerow.api.times import shown_time
from hedgerow.directory.projects import Project
from hedgerow.query.cancellation import Cancellation
from hedgerow.query.insights.read_node import unwrapped
from hedgerow.query.query_jobs import QueryJob

T = TypeVar("T")
_REFRESH: Final = (
    *("blocking", "force_blocking", "async", "force_async", "async_except_on_cache_miss"),
    *("lazy_async", "force_cache"),
)
_ID_CHARS_MAX: Final = 200
# How long an answer by id can be asked for, as told to clients.
_JOB_US_MAX: Final = 20 * 60 * 1_000_000
_PATHS: Final = ["/api/projects/{project_id:str}/query", "/api/environments/{project_id:str}/query"]
_JOB_PATHS: Final = [path + "/{query_id:str}" for path in _PATHS]


@post(_PATHS, status_code=200, summary="Run a query")
async def run_query(
    request: Request[Any, Any, Any], services: Services, project_id: str
) -> dict[str, Any] | Response[Any]:
    """`{"query": {"kind": "TrendsQuery", "series": [{"event": "$pageview"}]}}`

    A HogQLQuery is answered by the Accept header also as text/csv,
    application/vnd.apache.parquet or application/vnd.apache.arrow.stream.
    """
    project = await authorized_project(request, services, project_id)
    body = await json_object(request)
    refresh = _refresh(body)
    query = overridden(
        unwrapped(body["query"]), body.get("filters_override"), body.get("variables_override")
    )
    job_id = _job_id(body)
    answer_format = asked_format(request.headers.get("accept"))

    def answer(cancellation: Cancellation) -> dict[str, Any] | Response[Any]:
        if answer_format is not None and query.get("kind") == SQL_KIND:
            return run_file(services, project, query, answer_format, cancellation)
        prepared = prepare_answer(services, project, query)
        return _answer(services, project, prepared, refresh, job_id, cancellation)

    with services.query_jobs.waited_for(job_id, project.id) as cancellation:
        answering = asyncio.ensure_future(asyncio.to_thread(answer, cancellation))
        leaving = asyncio.ensure_future(_client_gone(request))
        await asyncio.wait((answering, leaving), return_when=asyncio.FIRST_COMPLETED)
        leaving.cancel()
        if not answering.done():
            await _cancelling(services, cancellation.cancel)
        return await answering


async def _cancelling(services: Services, cancel: Callable[[], T]) -> T:
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(services.query_jobs.cancelling, cancel)


async def _client_gone(request: Request[Any, Any, Any]) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


@get(_JOB_PATHS, summary="How a query is getting on, and its answer")
async def query_status(
    request: Request[Any, Any, Any], services: Services, project_id: str, query_id: str
) -> dict[str, Any]:
    """Of a query that was sent with an `async` refresh."""
    project = await authorized_project(request, services, project_id)
    job = services.query_jobs.get(query_id, project.id)
    if job is None:
        raise ApiError(404, "There is no such query.")
    return {"query_status": _status(job)}


@delete(_JOB_PATHS, status_code=204, summary="Cancel a query")
async def cancel_query(
    request: Request[Any, Any, Any], services: Services, project_id: str, query_id: str
) -> None:
    """By its `client_query_id`, whether its client waits for it or not. What it runs has ended
    when this answers; where others ask the same, it goes on for them.
    """
    project = await authorized_project(request, services, project_id)
    cancel = partial(services.query_jobs.cancel, query_id, project.id)
    if not await _cancelling(services, cancel):
        raise ApiError(404, "There is no such query.")


def _refresh(body: dict[str, Any]) -> str:
    """The mode; older clients send true, which always runs, or false."""
    if "query" not in body:
        raise ApiError(400, "The body must have a query.", code="required", attribute="query")
    refresh = body.get("refresh")
    if refresh is None or isinstance(refresh, bool):
        return "force_blocking" if refresh else "blocking"
    if refresh not in _REFRESH:
        raise ApiError(400, f"refresh must be one of {', '.join(_REFRESH)}.", attribute="refresh")
    return str(refresh)


def _job_id(body: dict[str, Any]) -> str:
    wanted = body.get("client_query_id")
    if wanted is None:
        return uuid4().hex
    if not isinstance(wanted, str) or not 0 < len(wanted) <= _ID_CHARS_MAX or "/" in wanted:
        raise ApiError(
            400,
            f"client_query_id is text of up to {_ID_CHARS_MAX} characters without a slash.",
            attribute="client_query_id",
        )
    return wanted


def _answer(
    services: Services,
    project: Project,
    prepared: PreparedAnswer,
    refresh: str,
    job_id: str,
    cancellation: Cancellation,
) -> dict[str, Any]:
    """Blocking, unless `refresh` says that nobody waits."""
    found = None
    if not refresh.startswith("force_"):
        found = fresh_answer(services, prepared)
    if refresh in ("force_cache", "lazy_async"):
        found = found or kept_answer(services, prepared)
    if found is not None:
        return found
    match refresh:
        case "force_cache":
            return {"cache_key": prepared.key, "is_cached": False, "query_status": None}
        case "async" | "force_async" | "lazy_async":
            return _started(services, project, prepared, job_id)
        case "async_except_on_cache_miss":
            kept = kept_answer(services, prepared)
            if kept is not None:
                return kept | _started(services, project, prepared, job_id)
    return new_answer(services, prepared, cancellation)


def _started(
    services: Services, project: Project, prepared: PreparedAnswer, job_id: str
) -> dict[str, Any]:
    job = services.query_jobs.start(
        job_id,
        project.id,
        lambda cancellation: new_answer(services, prepared, cancellation),
        services.clock.now_us,
    )
    return {"query_status": _status(job)}


def _status(job: QueryJob) -> dict[str, Any]:
    return {
        "id": job.id,
        "team_id": job.project_id,
        "query_async": True,
        "complete": job.is_complete,
        "error": job.error is not None,
        "error_message": job.error.detail if job.error else None,
        "results": job.answer,
        "start_time": shown_time(job.started_us),
        "end_time": shown_time(job.ended_us) if job.ended_us is not None else None,
        "expiration_time": shown_time(job.started_us + _JOB_US_MAX),
        "query_progress": None,
    }
