"""Servers that fail, with each SDK: after recovery every event is there exactly once."""

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
import requests
from posthog import Posthog

from hedgerow.testing.faulty_proxy import Fault, FaultyProxy
from hedgerow.testing.server import HedgerowServer

CAPTURE = ("/batch", "/e/", "/i/v0/e/", "/i/v1/analytics/events")
PLANS = {
    "unavailable": [Fault.UNAVAILABLE, Fault.UNAVAILABLE],
    "dropped": [Fault.DROPPED],
    "answer lost after the append": [Fault.LOST, Fault.LOST],
}


def is_capture(path: str) -> bool:
    return path.startswith(CAPTURE)


def send_python(url: str, key: str, run: str, mode: str) -> list[object]:
    errors: list[object] = []
    client = Posthog(
        key,
        host=url,
        capture_mode=mode,
        flush_at=5,
        max_retries=8,
        on_error=lambda error, _batch: errors.append(error),
    )
    for number in range(10):
        client.capture(
            "e2e faulty", distinct_id=f"{run}-user", properties={"i": number, "run": run}
        )
    client.flush()
    client.shutdown()
    return errors


def assert_each_once(stored: Any) -> None:
    numbers = [event["properties"]["i"] for event in stored.named("e2e faulty")]
    assert sorted(numbers) == list(range(10))


@pytest.mark.parametrize("mode", ["v0", "v1"])
@pytest.mark.parametrize("plan", PLANS)
def test_python_stores_each_event_once(
    plan: str, mode: str, sdk_server: HedgerowServer, stored_of: Callable[..., Any]
) -> None:
    run = f"py-fault-{uuid.uuid4().hex[:8]}"
    with FaultyProxy(sdk_server.url, PLANS[plan], is_capture) as proxy:
        errors = send_python(proxy.url, sdk_server.project_key, run, mode)

    assert errors == []
    assert proxy.requests > len(PLANS[plan])
    assert_each_once(stored_of(run))


@pytest.mark.parametrize("mode", ["v0", "v1"])
@pytest.mark.parametrize("plan", PLANS)
def test_node_stores_each_event_once(
    plan: str,
    mode: str,
    sdk_server: HedgerowServer,
    run_script: Callable[..., dict[str, Any]],
    stored_of: Callable[..., Any],
) -> None:
    run = f"node-fault-{uuid.uuid4().hex[:8]}"
    with FaultyProxy(sdk_server.url, PLANS[plan], is_capture) as proxy:
        printed = run_script(
            "node_faulty.mjs",
            HOST=proxy.url,
            TOKEN=sdk_server.project_key,
            RUN=run,
            POSTHOG_CAPTURE_MODE=mode,
        )

    assert printed["errors"] == []
    assert proxy.requests > len(PLANS[plan])
    assert_each_once(stored_of(run))


def test_the_same_batch_four_times_changes_no_person_and_no_count(
    sdk_server: HedgerowServer, stored_of: Callable[..., Any]
) -> None:
    run = f"raw-{uuid.uuid4().hex[:8]}"
    batch = [
        {
            "event": "$identify",
            "uuid": str(uuid.uuid4()),
            "distinct_id": f"{run}-known",
            "timestamp": "2026-01-01T00:00:01Z",
            "properties": {"$anon_distinct_id": f"{run}-anon", "$set": {"n": 1}, "run": run},
        },
        {
            "event": "earlier",
            "uuid": str(uuid.uuid4()),
            "distinct_id": f"{run}-anon",
            "timestamp": "2026-01-01T00:00:00Z",
            "properties": {"run": run, "$set": {"n": 0}},
        },
    ]
    versions = []
    for _ in range(4):
        body = {"api_key": sdk_server.project_key, "batch": batch}
        requests.post(f"{sdk_server.url}/batch/", json=body, timeout=10).raise_for_status()
        stored = stored_of(run)
        versions.append((stored.person("known"), stored.counts()))

    assert versions == [versions[0]] * 4
    assert versions[0][1] == {"$identify": 1, "earlier": 1}
    assert set(versions[0][0]["distinct_ids"]) == {f"{run}-known", f"{run}-anon"}


def send_large(
    server: HedgerowServer, run_script: Callable[..., dict[str, Any]], mode: str
) -> tuple[str, dict[str, Any]]:
    """A hundred events, 22 MB in one request."""
    run = f"node-large-{uuid.uuid4().hex[:8]}"
    printed = run_script(
        "node_large.mjs",
        HOST=server.url,
        TOKEN=server.project_key,
        RUN=run,
        POSTHOG_CAPTURE_MODE=mode,
    )
    return run, printed


def test_node_halves_a_batch_that_is_too_large_until_it_is_taken(
    sdk_server: HedgerowServer,
    run_script: Callable[..., dict[str, Any]],
    stored_of: Callable[..., Any],
) -> None:
    run, printed = send_large(sdk_server, run_script, "v0")

    assert printed["errors"] == []
    assert printed["statuses"] == [413, 200, 200]
    numbers = [event["properties"]["i"] for event in stored_of(run).named("e2e large")]
    assert sorted(numbers) == list(range(100))


def test_python_reports_a_batch_that_is_too_large_and_goes_on(
    sdk_server: HedgerowServer, stored_of: Callable[..., Any]
) -> None:
    run = f"py-large-{uuid.uuid4().hex[:8]}"
    with FaultyProxy(sdk_server.url, [Fault.TOO_LARGE], is_capture) as proxy:
        errors = send_python(proxy.url, sdk_server.project_key, run, "v0")

    assert [getattr(error, "status", None) for error in errors] == [413]
    assert proxy.requests == 2
    assert len(stored_of(run).named("e2e faulty")) == 5


def test_python_sends_again_only_the_event_it_is_told_to(
    sdk_server: HedgerowServer, stored_of: Callable[..., Any]
) -> None:
    """Stored all the same, it is there once; a dropped one beside it is reported and not repeated."""
    run = f"py-partial-{uuid.uuid4().hex[:8]}"
    names = ["first", "again", "x" * 201, "last"]
    errors: list[Any] = []
    with FaultyProxy(sdk_server.url, [Fault.PARTIAL], is_capture) as proxy:
        client = Posthog(
            sdk_server.project_key,
            host=proxy.url,
            capture_mode="v1",
            on_error=lambda error, _batch: errors.append(error),
        )
        sent = [client.capture(name, distinct_id=f"{run}-user") for name in names]
        client.shutdown()
    first, second = (json.loads(request.body)["batch"] for request in proxy.sent)

    assert [event["uuid"] for event in first] == sent
    assert [event["uuid"] for event in second] == [sent[1]]
    attempts = [request.headers["posthog-attempt"] for request in proxy.sent]
    ids = {request.headers["posthog-request-id"] for request in proxy.sent}
    assert (attempts, len(ids)) == (["1", "2"], 1)
    assert stored_of(run).counts() == {"first": 1, "again": 1, "last": 1}
    (error,) = errors
    assert "1 event(s) dropped by the server" in str(error)


def test_what_is_too_large_for_the_second_protocol_is_told_to_the_program(
    sdk_server: HedgerowServer,
    run_script: Callable[..., dict[str, Any]],
    stored_of: Callable[..., Any],
) -> None:
    """The SDK halves nothing there: it asks once, and reports its loss."""
    run, printed = send_large(sdk_server, run_script, "v1")

    assert printed["statuses"] == [413]
    (error,) = printed["errors"]
    assert "larger than 10485760 bytes" in error
    assert stored_of(run).events == []
