"""Queries that run while nobody waits: started, asked for by id, cancelled (read-api §3.3)."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Final

import structlog

from hedgerow.core.errors import QueryError

log = structlog.get_logger()

JOBS_MAX: Final = 1000
WORKERS: Final = 2


class QueryCancelledError(QueryError):
    """Somebody cancelled the query."""

    def __init__(self) -> None:
        super().__init__("The query was cancelled.", code="query_cancelled")


@dataclass(slots=True)
class QueryJob:
    """`answer` or `error` is set once it is complete. Times are microseconds since 1970."""

    id: str
    project_id: int
    started_us: int
    ended_us: int | None = None
    answer: dict[str, Any] | None = None
    error: QueryError | None = None
    cancelled: threading.Event = field(default_factory=threading.Event)

    @property
    def is_complete(self) -> bool:
        return self.ended_us is not None


class QueryJobs:
    """A few jobs run at a time; the oldest complete ones are forgotten."""

    def __init__(self) -> None:
        self._jobs: OrderedDict[str, QueryJob] = OrderedDict()
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="query-job")

    def start(
        self,
        job_id: str,
        project_id: int,
        run: Callable[[Callable[[], bool]], dict[str, Any]],
        now_us: Callable[[], int],
    ) -> QueryJob:
        """`run` is given a function that tells whether it was cancelled.

        Raises `QueryError` where too many wait. The same id again gives the job that runs.
        """
        with self._lock:
            known = self._jobs.get(job_id)
            if known is not None and known.project_id == project_id and not known.is_complete:
                return known
            if known is not None and known.project_id != project_id:
                raise QueryError("This query id is taken.", attribute="client_query_id")
            self._forget_complete()
            job = QueryJob(job_id, project_id, now_us())
            self._jobs[job_id] = job
        self._pool.submit(_run, job, run, now_us)
        return job

    def _forget_complete(self) -> None:
        if len(self._jobs) < JOBS_MAX:
            return
        for job_id in [job_id for job_id, job in self._jobs.items() if job.is_complete][:100]:
            del self._jobs[job_id]
        if len(self._jobs) >= JOBS_MAX:
            raise QueryError("Too many queries are running. Try again soon.", code="throttled")

    def get(self, job_id: str, project_id: int) -> QueryJob | None:
        with self._lock:
            job = self._jobs.get(job_id)
        return job if job is not None and job.project_id == project_id else None

    def cancel(self, job_id: str, project_id: int) -> bool:
        """Whether there was such a job. It ends at its next statement at the latest."""
        job = self.get(job_id, project_id)
        if job is not None:
            job.cancelled.set()
        return job is not None

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)


def _run(
    job: QueryJob,
    run: Callable[[Callable[[], bool]], dict[str, Any]],
    now_us: Callable[[], int],
) -> None:
    try:
        if job.cancelled.is_set():
            raise QueryCancelledError  # noqa: TRY301 - the same end as one that ran
        job.answer = run(job.cancelled.is_set)
    except QueryError as error:
        job.error = error
    except Exception:
        # Whoever asks for the job must learn that it ended.
        log.exception("query_job_failed", job_id=job.id)
        job.error = QueryError("Something went wrong here.", code="error")
    finally:
        job.ended_us = now_us()
