"""Queries by the id that the client gave: cancelled, and those that run while nobody waits asked
for later (read-api §3.3).
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import structlog

from hedgerow.core.errors import QueryError
from hedgerow.query.cancellation import Cancellation

log = structlog.get_logger()

JOBS_MAX: Final = 1000
WORKERS: Final = 2


Run = Callable[[Cancellation], dict[str, Any]]


@dataclass(slots=True)
class QueryJob:
    """`answer` or `error` is set once it is complete. Times are microseconds since 1970."""

    id: str
    project_id: int
    started_us: int
    ended_us: int | None = None
    answer: dict[str, Any] | None = None
    error: QueryError | None = None
    cancellation: Cancellation = field(default_factory=Cancellation)

    @property
    def is_complete(self) -> bool:
        return self.ended_us is not None


class QueryJobs:
    """A few jobs run at a time; the oldest complete ones are forgotten."""

    def __init__(self) -> None:
        self._jobs: OrderedDict[str, QueryJob] = OrderedDict()
        self._waited_for: list[tuple[str, int, Cancellation]] = []
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="query-job")
        # Threads of its own: where queries keep all others busy, to cancel must not wait for them.
        self.cancelling = ThreadPoolExecutor(WORKERS, thread_name_prefix="query-cancel")

    def start(
        self,
        job_id: str,
        project_id: int,
        run: Run,
        now_us: Callable[[], int],
    ) -> QueryJob:
        """Raises `QueryError` where too many wait. The same id again gives the job that runs."""
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

    @contextmanager
    def waited_for(self, query_id: str, project_id: int) -> Iterator[Cancellation]:
        """While this lasts, a query runs that its client waits for; it can be cancelled by id."""
        waited = (query_id, project_id, Cancellation())
        with self._lock:
            self._waited_for.append(waited)
        try:
            yield waited[2]
        finally:
            with self._lock:
                self._waited_for.remove(waited)

    def cancel(self, query_id: str, project_id: int) -> bool:
        """Whether there was such a query. Returns when what it ran has ended (blocking)."""
        job = self.get(query_id, project_id)
        found = [] if job is None else [job.cancellation]
        with self._lock:
            found += [
                cancellation
                for id_, of_project, cancellation in self._waited_for
                if (id_, of_project) == (query_id, project_id)
            ]
        for cancellation in found:
            cancellation.cancel()
        return bool(found)

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)
        self.cancelling.shutdown(wait=False)


def _run(job: QueryJob, run: Run, now_us: Callable[[], int]) -> None:
    try:
        job.cancellation.check()
        job.answer = run(job.cancellation)
    except QueryError as error:
        job.error = error
    except Exception:
        # Whoever asks for the job must learn that it ended.
        log.exception("query_job_failed", job_id=job.id)
        job.error = QueryError("Something went wrong here.", code="error")
    finally:
        job.ended_us = now_us()
