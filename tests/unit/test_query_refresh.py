"""Answers are kept until something is ingested, and can be asked for later (read-api §3.3)."""

import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

from hedgerow.core.errors import QueryError
from hedgerow.ingest.loop import IngestStatus
from hedgerow.query.query_jobs import QueryCancelledError, QueryJob, QueryJobs
from hedgerow.query.result_cache import ResultCache, cache_key

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

    def run(is_cancelled: Any) -> dict[str, Any]:
        started.set()
        while not is_cancelled():
            time.sleep(0.001)
        raise QueryCancelledError

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

    def make() -> dict[str, Any]:
        runs.append(1)
        go.wait(10)
        return {"results": [1]}

    answers: list[Any] = []
    threads = [
        threading.Thread(target=lambda: answers.append(cache.run("k", 1, 0, make)))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    go.set()
    for thread in threads:
        thread.join()

    assert len(answers) == 8
    assert len(runs) < 8
    assert all(answer.body == {"results": [1]} for answer in answers)


def test_the_cache_forgets_what_was_asked_for_longest_ago() -> None:
    cache = ResultCache(bytes_max=60)
    for key in ("a", "b", "a", "c"):
        cache.get(key) or cache.run(key, 1, 0, lambda: {"results": "x" * 10})

    assert cache.get("b") is None
    assert cache.get("a") is not None


def test_the_order_of_a_query_s_fields_does_not_matter() -> None:
    assert cache_key({"a": 1, "b": 2}) == cache_key({"b": 2, "a": 1})
    assert cache_key({"a": 1}) != cache_key({"a": 2})
