from typing import Any

import pytest

from hedgerow.core import json
from hedgerow.core.errors import CaptureRefusal
from hedgerow.wire.public_routes import PublicPath, PublicRoute, public_path
from hedgerow.wire.request import CaptureRequest
from hedgerow.wire.telemetry import telemetry

REQUEST = CaptureRequest("POST", "/i/v1/logs", "", None, None, b"", "1.2.3.4", "agent", 5)


def counted(route: PublicRoute, body: Any) -> list[tuple[str, int]]:
    outcome = telemetry(REQUEST, json.encode(body), route, "phc_a")
    assert (outcome.status, outcome.body) == (200, b"{}")
    if outcome.logged is None:
        return []
    assert outcome.logged.token == "phc_a"
    assert outcome.logged.events == []
    return [(item.reason, item.count) for item in outcome.logged.dropped]


def test_every_record_of_every_resource_and_scope_counts() -> None:
    logs: Any = {
        "resourceLogs": [{"scopeLogs": [{"logRecords": [{}, {}]}, {"logRecords": [{}]}]}] * 2
    }
    metrics = {"resourceMetrics": [{"scopeMetrics": [{"metrics": [{"name": "a"}]}]}]}
    spans: Any = {"resourceSpans": [{"scopeSpans": [{"spans": [{}, {}]}]}]}

    assert counted(PublicRoute.LOGS, logs) == [("logs_not_kept", 6)]
    assert counted(PublicRoute.METRICS, metrics) == [("metrics_not_kept", 1)]
    assert counted(PublicRoute.TRACES, spans) == [("traces_not_kept", 2)]


@pytest.mark.parametrize(
    "body", [{}, {"resourceLogs": None}, {"resourceLogs": [7, {"scopeLogs": [{"logRecords": 1}]}]}]
)
def test_a_body_without_records_counts_nothing(body: Any) -> None:
    assert counted(PublicRoute.LOGS, body) == []


@pytest.mark.parametrize("text", [b"", b"[]", b"{", b"\xff"])
def test_a_body_that_is_no_json_object_is_refused(text: bytes) -> None:
    with pytest.raises(CaptureRefusal) as refusal:
        telemetry(REQUEST, text, PublicRoute.LOGS, "phc_a")
    assert refusal.value.status == 400


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/flags", PublicPath(PublicRoute.FLAGS)),
        ("/flags/", PublicPath(PublicRoute.FLAGS)),
        ("/flags/definitions", None),
        ("/decide/", PublicPath(PublicRoute.DECIDE)),
        ("/array/phc_a/config", PublicPath(PublicRoute.CONFIG_JSON, "phc_a")),
        ("/array/phc%5Fa/config.js", PublicPath(PublicRoute.CONFIG_JS, "phc_a")),
        ("/array/phc_a/array.js", None),
        ("/array//config", None),
        ("/array/config", None),
        ("/api/surveys/", PublicPath(PublicRoute.SURVEYS)),
        ("/api/projects/1/surveys/", None),
        ("/", None),
        ("", None),
    ],
)
def test_public_paths_are_told_from_others(path: str, expected: PublicPath | None) -> None:
    assert public_path(path) == expected
