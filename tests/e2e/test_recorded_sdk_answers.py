"""What released SDKs read, asked by their recorded requests: each answer has the shape they got.

The recordings were made with a stand-in for the server that had the flags made here, and that in
some of them failed on purpose. Its JSON says what each release reads: we may answer more, not less.
"""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from tests.e2e.recordings import (
    PERSONAL_KEY,
    PROJECT_KEY,
    RECORDINGS,
    Recorded,
    recorded_requests,
    send,
)

from hedgerow.testing.server import HedgerowServer

# What the stand-in had switched on and we do not have.
NOT_OFFERED = {"productTours", "captureConsoleLogs"}
# The stand-in answered a newer question in the older shape.
ANSWERED_AS_BEFORE = {"featureFlags", "featureFlagPayloads"}
OPT_INS = (
    "session_recording_opt_in",
    "heatmaps_opt_in",
    "autocapture_exceptions_opt_in",
    "autocapture_web_vitals_opt_in",
    "capture_performance_opt_in",
    "capture_dead_clicks",
    "capture_console_log_opt_in",
)
DEFINITIONS = {
    "bool-flag": {
        "groups": [{"properties": [], "rollout_percentage": 100}],
        "payloads": {"true": '{"remote": "config"}'},
        "multivariate": None,
    },
    "multi-flag": {
        "groups": [
            {
                "properties": [
                    {"key": "plan", "type": "person", "value": ["pro"], "operator": "exact"}
                ],
                "rollout_percentage": None,
            },
            {"properties": [], "rollout_percentage": 100, "variant": "blue"},
        ],
        "multivariate": {
            "variants": [
                {"key": "blue", "rollout_percentage": 50},
                {"key": "red", "rollout_percentage": 50},
            ]
        },
        "payloads": {"blue": '{"color":"#00f"}', "red": '{"color":"#f00"}'},
    },
    "off-flag": {"groups": []},
    "group-flag": {
        "aggregation_group_type_index": 0,
        "groups": [
            {
                "properties": [
                    {
                        "key": "tier",
                        "type": "group",
                        "value": "gold",
                        "operator": "exact",
                        "group_type_index": 0,
                    }
                ],
                "rollout_percentage": 100,
            }
        ],
    },
}
ASKED = [
    (name, place)
    for name in RECORDINGS
    for place, request in enumerate(recorded_requests(name))
    if "answer" in request
]


def call(server: HedgerowServer, method: str, path: str, body: Any) -> None:
    url = f"{server.url}/api/projects/@current/{path}"
    headers = {"authorization": f"Bearer {PERSONAL_KEY}"}
    requests.request(method, url, json=body, headers=headers, timeout=10).raise_for_status()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, sdk_scripts: None) -> Iterator[HedgerowServer]:
    del sdk_scripts  # the server answers with them
    server = HedgerowServer(tmp_path_factory.mktemp("answers") / "data")
    server.project_key, server.personal_key = PROJECT_KEY, PERSONAL_KEY
    with server:
        group = {"$group_type": "company", "$group_key": "acme", "$group_set": {"tier": "gold"}}
        event = {"event": "$groupidentify", "distinct_id": "somebody", "properties": group}
        body = {"api_key": PROJECT_KEY, **event}
        requests.post(f"{server.url}/i/v0/e/", json=body, timeout=10).raise_for_status()
        server.wait_until_ingested()
        for key, filters in DEFINITIONS.items():
            call(server, "POST", "feature_flags/", {"key": key, "filters": filters})
        call(server, "POST", "surveys/", {"name": "Running", "start_date": "2026-01-01T00:00:00Z"})
        call(server, "PATCH", "", dict.fromkeys(OPT_INS, True))
        yield server


@pytest.mark.parametrize(("name", "place"), ASKED)
def test_every_release_gets_the_answer_it_reads(
    server: HedgerowServer, name: str, place: int
) -> None:
    asked = recorded_requests(name)[place]
    expected = asked["answer"]
    answer = send(server, asked, of_this_server(server, asked))

    # The stand-in failed on purpose, and had no toolbar.
    assert answer.status_code == (304 if expected["status"] == 304 else 200)
    if expected["status"] == 304:
        assert answer.content == b""
    elif "json" in expected and answer.status_code == expected["status"]:
        assert_has(json_of(asked, answer), expected_json(asked), asked["target"])
    if (origin := dict(asked["headers"]).get("Origin")) is not None:
        assert answer.headers["access-control-allow-origin"] in (origin, "*")


def of_this_server(server: HedgerowServer, asked: Recorded) -> dict[str, str]:
    """The secret and the tag of this server in the place of those of the stand-in."""
    headers = dict(asked["headers"])
    changed = {}
    if headers.get("Authorization", "").startswith("Bearer phx_"):
        changed["Authorization"] = f"Bearer {PERSONAL_KEY}"
    if "If-None-Match" in headers:
        newest = send(server, asked, {**changed, "If-None-Match": ""})
        changed["If-None-Match"] = newest.headers["etag"]
    return changed


def json_of(asked: Recorded, answer: requests.Response) -> Any:
    if "/config.js" in asked["target"]:
        begin = answer.text.index(f'["{PROJECT_KEY}"]=') + len(f'["{PROJECT_KEY}"]=')
        return json.JSONDecoder().raw_decode(answer.text, begin)[0]
    if "/remote_config" in asked["target"]:
        # A payload is a text of JSON, which the SDK decodes.
        return json.loads(answer.json())
    return answer.json()


def expected_json(asked: Recorded) -> Any:
    expected = asked["answer"]["json"]
    if asked["target"].startswith("/s/"):
        # No SDK looks at the word, and ours is the same everywhere (capture-protocol §7).
        return {"status": "Ok"}
    if asked["target"].startswith("/decide/?v=4"):
        return {key: value for key, value in expected.items() if key not in ANSWERED_AS_BEFORE}
    wanted = sent_json(asked).get("flag_keys_to_evaluate")
    if wanted and "flags" in expected:
        flags = {key: flag for key, flag in expected["flags"].items() if key in wanted}
        return {**expected, "flags": flags}
    return expected


def sent_json(asked: Recorded) -> dict[str, Any]:
    if "method" in asked:
        return {}
    body = asked.get("body_json") or json.loads(asked["body_raw_text"])
    return body if isinstance(body, dict) else {}


def assert_has(got: Any, expected: Any, where: str) -> None:
    """All that was there is there, of the same kind. What was null or false may be missing, what was
    true may be spelled out.
    """
    if expected is True:
        assert got, where
        return
    assert type(got) is type(expected), where
    if isinstance(expected, dict):
        for key, value in expected.items():
            if value not in (None, False) and key not in NOT_OFFERED:
                assert key in got, f"{where} has no {key}"
                assert_has(got[key], value, f"{where} {key}")
    elif isinstance(expected, list) and expected:
        assert got, where
        assert_has(got[0], expected[0], where)


def test_every_signal_of_opentelemetry_is_counted_as_dropped(server: HedgerowServer) -> None:
    """Every record of the recordings, once for each time it was sent."""
    server.wait_until_ingested()
    before = server.status()["outcomes"]["dropped"]
    sent = {"logs": 0, "metrics": 0, "traces": 0}
    for name, place in ASKED:
        asked = recorded_requests(name)[place]
        for signal in sent:
            if asked["target"].startswith(f"/i/v1/{signal}"):
                send(server, asked).raise_for_status()
                sent[signal] += record_count(asked)
    server.wait_until_ingested()
    after = server.status()["outcomes"]["dropped"]

    reasons = {signal: f"{signal}_not_kept" for signal in sent}
    counted = {signal: after[reason] - before.get(reason, 0) for signal, reason in reasons.items()}
    assert counted == sent
    assert min(sent.values()) > 0


def record_count(asked: Recorded) -> int:
    body = sent_json(asked)
    return sum(
        len(scope.get("logRecords") or scope.get("metrics") or scope.get("spans") or [])
        for name in ("resourceLogs", "resourceMetrics", "resourceSpans")
        for resource in body.get(name, [])
        for scope in (
            resource.get("scopeLogs") or resource.get("scopeMetrics") or resource["scopeSpans"]
        )
    )
