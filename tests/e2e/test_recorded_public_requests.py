"""Requests for flags, configuration and lists, recorded from released SDKs, sent byte for byte.

Each must be answered with 200 and the shape that its SDK reads (sdk-contract §8, §10, §11).
"""

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from hedgerow.testing.server import HedgerowServer

RECORDINGS = Path(__file__).parents[1] / "vectors" / "public_requests.json"
TOKEN = "phc_local_test_token"
SECRET = "phx_local_secret"
Json = dict[str, Any]

BLUE = {"variants": [{"key": "blue", "rollout_percentage": 100}]}
FLAGS: list[Json] = [
    {
        "key": "bool-flag",
        "filters": {
            "groups": [{"properties": [], "rollout_percentage": 100}],
            "payloads": {"true": '{"remote":"config"}'},
        },
    },
    {
        "key": "multi-flag",
        "filters": {
            "groups": [{"properties": [], "rollout_percentage": 100}],
            "multivariate": BLUE,
            "payloads": {"blue": '{"color":"#00f"}'},
        },
    },
    {
        "key": "off-flag",
        "filters": {"groups": [{"properties": [], "rollout_percentage": 0}]},
    },
]


def recordings() -> list[Json]:
    loaded: list[Json] = json.loads(RECORDINGS.read_text(encoding="utf-8"))
    return loaded


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HedgerowServer]:
    running = HedgerowServer(tmp_path_factory.mktemp("recorded") / "data")
    running.project_key, running.personal_key = TOKEN, SECRET
    with running:
        for flag in FLAGS:
            requests.post(
                f"{running.url}/api/projects/@current/feature_flags/",
                json=flag,
                headers={"authorization": f"Bearer {SECRET}"},
                timeout=10,
            ).raise_for_status()
        yield running


def sent(server: HedgerowServer, recording: Json) -> requests.Response:
    if "body_raw_base64" in recording:
        body = base64.b64decode(recording["body_raw_base64"])
    else:
        body = recording.get("body_raw_text", "").encode()
    headers = dict(recording["headers"])
    # Recorded answers had other tags, and older SDKs were recorded with another secret.
    headers = {name: value for name, value in headers.items() if name.lower() != "if-none-match"}
    if headers.get("Authorization") == "Bearer phx_x":
        headers["Authorization"] = f"Bearer {SECRET}"
    return requests.request(
        recording["method"],
        server.url + recording["target"],
        data=body,
        headers=headers,
        timeout=10,
        allow_redirects=False,
    )


def check_records(flags: Json, wanted: list[str]) -> None:
    assert list(flags) == wanted
    for key, record in flags.items():
        assert record["key"] == key
        assert isinstance(record["enabled"], bool)
        assert isinstance(record["metadata"]["id"], int)
        assert isinstance(record["metadata"]["version"], int)
        assert {"code", "condition_index", "description"} == set(record["reason"])
    if "multi-flag" in flags:
        assert flags["multi-flag"]["variant"] == "blue"
        assert flags["multi-flag"]["metadata"]["payload"] == '{"color":"#00f"}'
    if "off-flag" in flags:
        assert flags["off-flag"]["enabled"] is False
        assert "payload" not in flags["off-flag"]["metadata"]


def check_flags(recording: Json, answer: Json) -> None:
    query = parse_qs(urlsplit(recording["target"]).query)
    decide = recording["target"].startswith("/decide")
    body = recording.get("body_json") or {}
    keys = body.get("flag_keys") or body.get("flag_keys_to_evaluate")
    wanted = [flag["key"] for flag in FLAGS if keys is None or flag["key"] in keys]
    assert answer["errorsWhileComputingFlags"] is False
    if decide and query["v"] == ["3"]:
        assert answer["featureFlags"] == {
            "bool-flag": True,
            "multi-flag": "blue",
            "off-flag": False,
        }
        assert answer["featureFlagPayloads"]["multi-flag"] == '{"color":"#00f"}'
    else:
        check_records(answer["flags"], wanted)
    if decide or query.get("config") == ["true"]:
        check_config(answer)


def check_config(config: Json) -> None:
    assert config["supportedCompression"] == ["gzip", "gzip-js"]
    assert config["analytics"] == {"endpoint": "/i/v0/e/"}
    assert config["autocapture_opt_out"] is False
    assert config["hasFeatureFlags"] is True
    assert config["sessionRecording"] is False
    assert config["siteApps"] == []


def check_definitions(answer: Json) -> None:
    assert [flag["key"] for flag in answer["flags"]] == [flag["key"] for flag in FLAGS]
    assert {"group_type_mapping", "cohorts", "property_matching_version"} <= set(answer)


LISTS = {
    "/api/surveys/": {"surveys": [], "survey_config": None},
    "/api/early_access_features/": {"earlyAccessFeatures": []},
    "/api/web_experiments/": {"experiments": []},
    "/api/product_tours/": {"product_tours": []},
}


def check(recording: Json, response: requests.Response) -> None:
    path = urlsplit(recording["target"]).path
    if path.endswith("config.js"):
        name = f'window._POSTHOG_REMOTE_CONFIG["{TOKEN}"]='
        content = response.text.split(name, 1)[1].rsplit(";", 2)[0]
        check_config(json.loads(content)["config"])
    elif path.endswith("/config"):
        check_config(response.json())
    elif path in ("/flags/", "/decide/"):
        check_flags(recording, response.json())
    elif "local_evaluation" in path or path == "/flags/definitions":
        check_definitions(response.json())
        assert response.headers["etag"]
    elif path.endswith("/remote_config"):
        assert response.json() == '{"remote":"config"}'
    elif path in LISTS:
        assert response.json() == LISTS[path]
    else:
        assert path.startswith("/i/v1/")
        assert response.json() == {}


@pytest.mark.parametrize("recording", recordings(), ids=lambda item: item["from"])
def test_a_recorded_request_gets_what_its_sdk_reads(
    server: HedgerowServer, recording: Json
) -> None:
    response = sent(server, recording)

    assert response.status_code == 200, response.text
    asked = {name.lower(): value for name, value in recording["headers"]}
    if "origin" in asked:
        assert response.headers["access-control-allow-origin"] == asked["origin"]
    if recording["method"] == "OPTIONS":
        wanted = asked["access-control-request-headers"]
        assert response.headers["access-control-allow-headers"] == wanted
    else:
        check(recording, response)


def test_every_telemetry_record_of_the_recordings_is_counted(server: HedgerowServer) -> None:
    for recording in recordings():
        if recording["target"].startswith("/i/v1/"):
            sent(server, recording)
    server.wait_until_ingested()

    dropped = server.status()["outcomes"]["dropped"]

    assert {"logs_not_kept", "metrics_not_kept", "traces_not_kept"} <= set(dropped)
