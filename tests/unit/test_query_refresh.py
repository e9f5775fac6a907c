"""Answers are kept until something is ingested, and can be asked for later (read-api §3.3)."""

import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from hedgerow.core.errors import QueryError
from hedgerow.ingest.loop import IngestStatus
from hedgerow.query.cancellation import Cancellation, QueryCancelledError
from hedgerow.query.query_jobs import QueryJob, QueryJobs
from hedgerow.query.result_cache import ResultCache, cache_key
from hedgerow.query.runner import QueryRunner
from hedgerow.query.sql import PreparedQuery

if TYPE_CHECKING:
    from tests.unit.conftest import Api

TRENDS = {
    "kind": "TrendsQuery",
    "series": [{"kind": "EventsNode", "event": "hello"}],
    "dateRange": {"date_from": "2026-05-20", "date_to": "2026-06-10"},
    "trendsFilter": {"display": "BoldNumber"},
}


def ask(api: "Api", refresh: str | bool = "blocking", **more: Any) -> dict[str, Any]:
    body = {"query": TRENDS, "refresh": refresh, **more}
    response = api.client.post(api.path("query/"), json=body)
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


def count(answer: dict[str, Any]) -> int:
    return int(answer["results"][0]["aggregated_value"])


def ingested(api: "Api", position: int) -> None:
    api.ingest = IngestStatus(position, running=True, last_error=None)


def test_an_answer_is_kept_until_something_is_ingested(api: "Api") -> None:
    api.add_event()
    first, second = ask(api), ask(api)
    api.add_event()
    ingested(api, 7)
    third = ask(api)

    assert [first["is_cached"], second["is_cached"], third["is_cached"]] == [False, True, False]
    assert [count(first), count(second), count(third)] == [1, 1, 2]
    assert first["cache_key"] == second["cache_key"]
    assert second["last_refresh"]


def test_an_answer_can_be_forced_or_asked_for_only_if_it_is_there(api: "Api") -> None:
    assert ask(api, "force_cache").get("results") is None
    ask(api)

    assert ask(api, "force_cache")["is_cached"]
    assert not ask(api, "force_blocking")["is_cached"]
    assert not ask(api, refresh=True)["is_cached"]
    ingested(api, 9)
    assert ask(api, "force_cache")["is_cached"]
    assert ask(api, "lazy_async")["is_cached"]


def test_a_query_that_nobody_waits_for_is_asked_for_by_its_id(api: "Api") -> None:
    api.add_event()
    started = ask(api, "force_async", client_query_id="mine")["query_status"]
    deadline = time.monotonic() + 30
    status: dict[str, Any] = {}
    while not status.get("complete") and time.monotonic() < deadline:
        status = api.client.get(api.path("query/mine/")).json()["query_status"]

    assert started["id"] == "mine"
    assert status["complete"]
    assert count(status["results"]) == 1
    assert status["end_time"]
    assert api.client.delete(api.path("query/mine/")).status_code == 204
    assert api.client.get(api.path("query/other/")).status_code == 404
    assert api.client.delete(api.path("query/other/")).status_code == 404


def test_a_cancelled_job_ends_with_an_error_that_says_so() -> None:
    jobs = QueryJobs()
    started = threading.Event()

    def run(cancellation: Cancellation) -> dict[str, Any]:
        started.set()
        while True:
            cancellation.check()
            time.sleep(0.001)

    job = jobs.start("a", 1, run, lambda: 5)
    assert started.wait(10)
    assert not jobs.cancel("a", 2)
    assert jobs.cancel("a", 1)
    wait_for(job)

    assert job.error is not None
    assert job.error.code == "query_cancelled"
    jobs.close()


def test_a_job_belongs_to_its_project() -> None:
    jobs = QueryJobs()
    wait_for(jobs.start("a", 1, lambda _cancelled: {}, lambda: 5))

    assert jobs.get("a", 2) is None
    with pytest.raises(QueryError, match="taken"):
        jobs.start("a", 2, lambda _cancelled: {}, lambda: 5)
    jobs.close()


def wait_for(job: QueryJob) -> None:
    deadline = time.monotonic() + 30
    while not job.is_complete and time.monotonic() < deadline:
        time.sleep(0.001)
    assert job.is_complete


def test_many_who_ask_the_same_at_once_cost_one_run() -> None:
    cache = ResultCache()
    runs = []
    go = threading.Event()

    def make(_cancellation: Cancellation) -> dict[str, Any]:
        runs.append(1)
        go.wait(10)
        return {"results": [1]}

    def ask_cache() -> None:
        answers.append(cache.run("k", 1, 0, make, Cancellation()))

    answers: list[Any] = []
    threads = [threading.Thread(target=ask_cache) for _ in range(8)]
    for thread in threads:
        thread.start()
    go.set()
    for thread in threads:
        thread.join()

    assert len(answers) == 8
    assert len(runs) < 8
    assert all(answer.body == {"results": [1]} for answer in answers)


class Asking:
    """Someone who asks the cache in a thread of its own, and can give up."""

    def __init__(self, cache: ResultCache, make: Callable[[Cancellation], dict[str, Any]]) -> None:
        self.cancellation = Cancellation()
        self.answer: Any = None
        self.thread = threading.Thread(target=self._ask, args=(cache, make))
        self.thread.start()

    def _ask(self, cache: ResultCache, make: Callable[[Cancellation], dict[str, Any]]) -> None:
        try:
            self.answer = cache.run("k", 1, 0, make, self.cancellation).body
        except QueryCancelledError as error:
            self.answer = error

    def end(self) -> Any:
        self.thread.join(30)
        return self.answer


def test_who_gives_up_does_not_end_it_for_others_and_the_last_does() -> None:
    cache = ResultCache()
    started, go = threading.Event(), threading.Event()

    def make(cancellation: Cancellation) -> dict[str, Any]:
        started.set()
        while not go.is_set():
            cancellation.check()
            time.sleep(0.001)
        return {"results": [1]}

    first = Asking(cache, make)
    assert started.wait(10)
    second = Asking(cache, make)
    first.cancellation.cancel()
    go.set()
    assert second.end() == {"results": [1]}
    first.end()

    started.clear()
    go.clear()
    alone = Asking(cache, make)
    assert started.wait(10)
    alone.cancellation.cancel()
    assert isinstance(alone.end(), QueryCancelledError)


def test_who_waits_for_another_s_answer_can_give_up_at_once() -> None:
    cache = ResultCache()
    started, go = threading.Event(), threading.Event()

    def make(_cancellation: Cancellation) -> dict[str, Any]:
        started.set()
        go.wait(30)
        return {"results": [1]}

    first = Asking(cache, make)
    assert started.wait(10)
    second = Asking(cache, make)
    second.cancellation.cancel()
    assert isinstance(second.end(), QueryCancelledError)
    go.set()
    assert first.end() == {"results": [1]}


def test_a_statement_ends_when_its_query_is_cancelled(query_runner: QueryRunner) -> None:
    """Without an end it would run for as long as queries may, which fails with another error."""
    endless = PreparedQuery("SELECT sum(sipHash64(number)) FROM numbers(1000000000000)", 1, 0, None)
    cancellation = Cancellation()
    canceller = threading.Timer(0.2, cancellation.cancel)
    canceller.start()
    with pytest.raises(QueryCancelledError):
        query_runner.run(endless, cancellation)
    canceller.join()

    running = PreparedQuery("SELECT count() FROM system.processes", 1, 0, None)
    assert query_runner.run(running).rows == [[1]]


def test_a_query_that_was_cancelled_before_runs_nothing(query_runner: QueryRunner) -> None:
    cancellation = Cancellation()
    cancellation.cancel()
    with pytest.raises(QueryCancelledError):
        query_runner.run(PreparedQuery("SELECT 1", 1, 0, None), cancellation)


def test_the_cache_forgets_what_was_asked_for_longest_ago() -> None:
    cache = ResultCache(bytes_max=60)
    for key in ("a", "b", "a", "c"):
        cache.get(key) or cache.run(key, 1, 0, lambda _: {"results": "x" * 10}, Cancellation())

    assert cache.get("b") is None
    assert cache.get("a") is not None


def test_the_order_of_a_query_s_fields_does_not_matter() -> None:
    assert cache_key({"a": 1, "b": 2}) == cache_key({"b": 2, "a": 1})
    assert cache_key({"a": 1}) != cache_key({"a": 2})
