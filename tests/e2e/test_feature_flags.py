"""Feature flags of a real server: through the official SDK, and while the core is down."""

import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests
from posthog import Posthog

from hedgerow.testing.server import HedgerowServer

Json = dict[str, Any]

IDS = 10_000
BLUE_RED = {
    "variants": [
        {"key": "blue", "rollout_percentage": 33.3},
        {"key": "red", "rollout_percentage": 66.7},
    ]
}
EVERYONE = {"properties": [], "rollout_percentage": 100}


def person(key: str, value: Any, operator: str = "exact") -> Json:
    return {"key": key, "value": value, "operator": operator, "type": "person"}


PRO = {"properties": [person("plan", ["pro"])], "rollout_percentage": 50}
SEATS = {"properties": [person("seats", 5, "gt")], "rollout_percentage": None, "variant": "red"}
FLAGS: list[Json] = [
    {"key": "boolean", "filters": {"groups": [{"properties": [], "rollout_percentage": 37}]}},
    {"key": "multi", "filters": {"groups": [EVERYONE], "multivariate": BLUE_RED}},
    {"key": "conditions", "filters": {"groups": [PRO, SEATS], "multivariate": BLUE_RED}},
    {"key": "early", "filters": {"groups": [PRO, EVERYONE], "early_exit": True}},
    {
        "key": "held-out",
        "filters": {"groups": [EVERYONE], "holdout": {"id": 3, "exclusion_percentage": 10}},
    },
]
KEYS = [flag["key"] for flag in FLAGS]
WITH_PAYLOAD: Json = {
    "key": "with-payload",
    "filters": {"groups": [EVERYONE], "payloads": {"true": '{"color":"#00f"}'}},
}
CONTINUED: Json = {
    "key": "continued",
    "ensure_experience_continuity": True,
    "filters": {"groups": [EVERYONE], "multivariate": BLUE_RED},
}
STORED: Json = {
    "key": "stored",
    "filters": {"groups": [{"properties": [person("vip", "yes")], "rollout_percentage": 100}]},
}
GROUPED: Json = {
    "key": "grouped",
    "filters": {
        "groups": [
            {
                "properties": [{**person("tier", "gold"), "type": "group"}],
                "rollout_percentage": 100,
            }
        ],
        "aggregation_group_type_index": 0,
    },
}


def make_flag(server: HedgerowServer, flag: Json) -> None:
    response = requests.post(
        f"{server.url}/api/projects/@current/feature_flags/",
        json=flag,
        headers={"authorization": f"Bearer {server.personal_key}"},
        timeout=10,
    )
    assert response.status_code == 201, response.text


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HedgerowServer]:
    with HedgerowServer(tmp_path_factory.mktemp("flags") / "data") as running:
        for flag in [*FLAGS, WITH_PAYLOAD, CONTINUED, STORED, GROUPED]:
            make_flag(running, flag)
        yield running


def ask(server: HedgerowServer, query: str = "v=2", **body: Any) -> Json:
    response = requests.post(
        f"{server.url}/flags/?{query}", json={"token": server.project_key, **body}, timeout=10
    )
    assert response.status_code == 200, response.text
    answer: Json = response.json()
    return answer


def value(answer: Json, key: str) -> Any:
    record = answer["flags"][key]
    return record["enabled"] if record["variant"] is None else record["variant"]


def capture(server: HedgerowServer, event: str, distinct_id: str, **properties: Any) -> None:
    body = {
        "api_key": server.project_key,
        "event": event,
        "distinct_id": distinct_id,
        "properties": properties,
    }
    requests.post(f"{server.url}/i/v0/e/", json=body, timeout=10).raise_for_status()


def properties_of(number: int) -> Json:
    return {"plan": "pro" if number % 3 else "free", "seats": number % 10}


@pytest.fixture(scope="module")
def secret(server: HedgerowServer) -> str:
    """A key that reads the flags of the project and nothing else."""
    response = requests.post(
        f"{server.url}/api/personal_keys",
        json={"label": "flags", "project_id": 1, "is_project_secret": True},
        headers={"authorization": f"Bearer {server.personal_key}"},
        timeout=10,
    )
    assert response.status_code == 201, response.text
    return str(response.json()["secret"])


@pytest.fixture(scope="module")
def told(server: HedgerowServer) -> list[list[Any]]:
    """What the server says of ten thousand ids: a row for each, a column for each of `FLAGS`."""
    session = requests.Session()

    def remote(number: int) -> list[Any]:
        body = {
            "token": server.project_key,
            "distinct_id": f"user-{number}",
            "person_properties": properties_of(number),
            "flag_keys": KEYS,
        }
        answer = session.post(f"{server.url}/flags/?v=2", json=body, timeout=10).json()
        return [value(answer, key) for key in KEYS]

    with ThreadPoolExecutor(2) as pool:
        rows = list(pool.map(remote, range(IDS)))
    for place in range(len(KEYS)):
        assert len({repr(row[place]) for row in rows}) > 1
    return rows


def test_ten_thousand_ids_get_what_the_python_sdk_computes_itself(
    server: HedgerowServer, secret: str, told: list[list[Any]]
) -> None:
    client = Posthog(server.project_key, host=server.url, secret_key=secret, poll_interval=3600)
    client.load_feature_flags()  # type: ignore[no-untyped-call]  # the SDK left it unannotated

    def local(number: int) -> list[Any]:
        flags = client.get_all_flags(
            f"user-{number}",
            person_properties=properties_of(number),
            only_evaluate_locally=True,
            flag_keys_to_evaluate=KEYS,
        )
        return [(flags or {}).get(key) for key in KEYS]

    computed = [local(number) for number in range(IDS)]
    client.shutdown()

    assert told == computed


def test_ten_thousand_ids_get_what_the_node_sdk_computes_itself(
    server: HedgerowServer,
    secret: str,
    told: list[list[Any]],
    run_script: Callable[..., dict[str, Any]],
) -> None:
    computed = run_script(
        "node_local_flags.mjs",
        HOST=server.url,
        TOKEN=server.project_key,
        SECRET=secret,
        PEOPLE=str(IDS),
        KEYS=json.dumps(KEYS),
    )

    assert told == computed["rows"]


def test_the_python_sdk_reads_flags_payloads_and_reasons(server: HedgerowServer) -> None:
    client = Posthog(server.project_key, host=server.url, sync_mode=True)
    flags = client.evaluate_flags("user-1", person_properties={"plan": "pro"})

    assert flags.get_flag("with-payload") is True
    assert flags.get_flag_payload("with-payload") == {"color": "#00f"}
    assert flags.get_flag("held-out") in (True, "holdout-3")
    assert flags.get_flag("no-such-flag") is None
    client.shutdown()


def test_stored_properties_of_persons_and_groups_decide(server: HedgerowServer) -> None:
    capture(server, "$set", "vip-user", **{"$set": {"vip": "yes"}})
    group = {"$group_type": "company", "$group_key": "acme", "$group_set": {"tier": "gold"}}
    capture(server, "$groupidentify", "vip-user", **group)
    server.wait_until_ingested()

    vip = ask(server, distinct_id="vip-user", groups={"company": "acme"})
    other = ask(server, distinct_id="nobody", groups={"company": "unknown"})
    told = ask(server, distinct_id="nobody", person_properties={"vip": "yes"})

    assert (value(vip, "stored"), value(vip, "grouped")) == (True, True)
    assert (value(other, "stored"), value(other, "grouped")) == (False, False)
    assert value(told, "stored") is True
    assert vip["errorsWhileComputingFlags"] is False


def test_a_variant_survives_identification_another_device_and_a_merge(
    server: HedgerowServer,
) -> None:
    before = {
        number: value(ask(server, distinct_id=f"anon-{number}"), "continued")
        for number in range(20)
    }
    for number, variant in before.items():
        user, anonymous = f"known-{number}", f"anon-{number}"
        identified = ask(server, distinct_id=user, **{"$anon_distinct_id": anonymous})
        later = ask(server, distinct_id=user)
        second_device = ask(server, distinct_id=user, **{"$anon_distinct_id": f"second-{number}"})
        assert [value(answer, "continued") for answer in (identified, later, second_device)] == [
            variant
        ] * 3
    assert len(set(before.values())) > 1

    for number in range(20):
        capture(server, "$identify", f"known-{number}", **{"$anon_distinct_id": f"second-{number}"})
    server.wait_until_ingested()
    for number, variant in before.items():
        assert value(ask(server, distinct_id=f"second-{number}"), "continued") == variant


@contextmanager
def stopped_core(server: HedgerowServer) -> Iterator[None]:
    pid = server.pid("core")
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)
        server.wait_until_ready()


def test_flags_answer_while_the_core_stands_still(server: HedgerowServer) -> None:
    subject: Json = {"distinct_id": "user-7", "person_properties": properties_of(7)}
    usual = ask(server, **subject, flag_keys=KEYS)["flags"]
    with stopped_core(server):
        alone = ask(server, **subject, flag_keys=KEYS)
        guessed = ask(server, **subject)
        config = requests.get(f"{server.url}/array/{server.project_key}/config", timeout=10)

    assert alone["flags"] == usual
    assert alone["errorsWhileComputingFlags"] is False
    assert guessed["errorsWhileComputingFlags"] is True
    assert guessed["flags"]["stored"]["failed"] is True
    assert guessed["flags"]["stored"]["enabled"] is False
    assert "failed" not in guessed["flags"]["continued"]
    assert config.json()["hasFeatureFlags"] is True


def test_flags_answer_while_the_core_is_dead_and_are_whole_again_after_it(
    server: HedgerowServer,
) -> None:
    capture(server, "$set", "patient", **{"$set": {"vip": "yes"}})
    server.wait_until_ingested()
    server.kill("core")
    dead = ask(server, distinct_id="patient")
    server.wait_until_ready()
    deadline = time.monotonic() + 30
    while ask(server, distinct_id="patient")["errorsWhileComputingFlags"]:
        assert time.monotonic() < deadline
        time.sleep(0.05)

    assert value(ask(server, distinct_id="patient"), "stored") is True
    assert set(dead["flags"]) == set(ask(server, distinct_id="patient")["flags"])


def test_every_version_gets_the_answer_it_can_read(server: HedgerowServer) -> None:
    def decide(query: str) -> Json:
        body = {"api_key": server.project_key, "distinct_id": "user-1"}
        answer: Json = requests.post(f"{server.url}/decide/{query}", json=body, timeout=10).json()
        return answer

    newest = ask(server, "v=4", distinct_id="user-1")
    assert ask(server, "v=99", distinct_id="user-1")["flags"] == newest["flags"]
    assert newest["flags"]["multi"]["value"] == newest["flags"]["multi"]["variant"]
    assert "value" not in ask(server, "v=2", distinct_id="user-1")["flags"]["multi"]
    names, on, all_values = (
        decide("")["featureFlags"],
        decide("?v=2")["featureFlags"],
        decide("?v=3"),
    )
    assert isinstance(names, list)
    assert sorted(names) == sorted(on)
    assert all(on.values())
    assert all_values["featureFlags"]["stored"] is False
    assert all_values["featureFlagPayloads"]["with-payload"] == '{"color":"#00f"}'
    assert all_values["supportedCompression"] == ["gzip", "gzip-js"]
    opted_out = all_values["autocapture_opt_out"]
    assert all_values["config"] == {"enable_collect_everything": not opted_out}
    assert decide("?v=4")["flags"].keys() == newest["flags"].keys()
    with_config = ask(server, "v=2&config=true", distinct_id="user-1")
    assert with_config["analytics"] == {"endpoint": "/i/v0/e/"}
    assert ask(server, disable_flags=True)["flags"] == {}


def test_a_flag_of_another_runtime_is_not_told(server: HedgerowServer) -> None:
    make_flag(
        server, {"key": "secret", "evaluation_runtime": "server", "filters": {"groups": [EVERYONE]}}
    )
    url = f"{server.url}/flags/?v=2"
    body = {"token": server.project_key, "distinct_id": "user-1"}
    page = requests.post(url, json=body, headers={"origin": "https://shop.example"}, timeout=10)

    assert "secret" not in page.json()["flags"]
    assert "secret" in ask(server, distinct_id="user-1", evaluation_runtime="server")["flags"]


HOSTILE: list[tuple[bytes, int]] = [
    (b"", 400),
    (b"{", 400),
    (b"[]", 400),
    (b"null", 400),
    (b"\x1f\x8b\x08 not gzip", 400),
    (b"\xff\xfe", 400),
    (b'{"token":"phc_unknown","distinct_id":"a"}', 401),
    (b'{"token":5,"distinct_id":"a"}', 400),
    (b'{"distinct_id":"a"}', 400),
    (b'{"token":"TOKEN"}', 400),
    (b'{"token":"TOKEN","distinct_id":""}', 400),
    (b'{"token":"TOKEN","distinct_id":{"a":1}}', 400),
    (b'{"token":"TOKEN","distinct_id":"' + b"x" * 5000 + b'"}', 400),
    (b'{"token":"TOKEN","distinct_id":"a","person_properties":' + b"[" * 500 + b"]" * 500 + b"}", 400),
    (b"[" * 100_000, 400),
    (b'{"token":"TOKEN","distinct_id":"a","x":"' + b"y" * 3_000_000 + b'"}', 413),
    (b'{"token":"TOKEN","distinct_id":"\\ud800"}', 200),
    (b'{"token":"TOKEN","distinct_id":"a","groups":[],"person_properties":7,"group_properties":"x"}', 200),
    (b'{"token":"TOKEN","distinct_id":12,"groups":{"company":5},"flag_keys":"all"}', 200),
    (b'{"token":"TOKEN","distinct_id":"a","person_properties":{"plan":{"deep":[1e308,-0.0,null]}}}', 200),
]  # fmt: skip


@pytest.mark.parametrize(("body", "status"), HOSTILE)
def test_a_hostile_body_gets_a_readable_answer(
    server: HedgerowServer, body: bytes, status: int
) -> None:
    origin = "https://shop.example"
    response = requests.post(
        f"{server.url}/flags/?v=2",
        data=body.replace(b"TOKEN", server.project_key.encode()),
        headers={"origin": origin, "content-type": "text/plain"},
        timeout=10,
    )

    assert response.status_code == status
    assert response.headers["access-control-allow-origin"] == origin
    if status != 200:
        assert set(response.json()) == {"type", "code", "detail", "attr"}


def test_every_public_path_can_be_asked_across_origins_with_and_without_a_slash(
    server: HedgerowServer,
) -> None:
    token = server.project_key
    paths = ["/flags", "/decide", f"/array/{token}/config", f"/array/{token}/config.js"]
    paths += ["/api/surveys", "/api/early_access_features", "/api/web_experiments"]
    paths += ["/api/product_tours", "/i/v1/logs", "/i/v1/metrics", "/i/v1/traces"]
    paths += ["/flags/definitions", "/api/feature_flag/local_evaluation"]
    paths += ["/api/projects/@current/feature_flags/a/remote_config"]
    headers = {
        "origin": "https://shop.example",
        "access-control-request-headers": "content-type,x-custom",
    }
    for path in paths:
        for slash in ("", "/"):
            response = requests.options(server.url + path + slash, headers=headers, timeout=10)
            assert response.status_code == 200, path
            assert response.headers["access-control-allow-origin"] == headers["origin"]
            assert response.headers["access-control-allow-headers"] == "content-type,x-custom"


def test_the_inner_paths_are_closed_to_the_outside(server: HedgerowServer) -> None:
    question = {"token": server.project_key, "request": {}, "flag_keys": []}
    for path in (
        "/_internal/flags",
        "/_internal/flags/",
        "/%5finternal/flags",
        "/_internal//flags",
    ):
        assert requests.post(server.url + path, json=question, timeout=10).status_code == 404


def test_remote_config_is_cached_for_as_long_as_it_is_the_same(server: HedgerowServer) -> None:
    url = f"{server.url}/array/{server.project_key}/config.js"
    first = requests.get(url, timeout=10)
    same = requests.get(url, headers={"if-none-match": first.headers["etag"]}, timeout=10)
    requests.patch(
        f"{server.url}/api/projects/@current",
        json={"autocapture_opt_out": True, "session_recording_opt_in": True},
        headers={"authorization": f"Bearer {server.personal_key}"},
        timeout=10,
    ).raise_for_status()
    changed = requests.get(url, headers={"if-none-match": first.headers["etag"]}, timeout=10)
    config = requests.get(url.removesuffix(".js"), timeout=10).json()

    assert first.headers["content-type"].startswith("application/javascript")
    assert "max-age" in first.headers["cache-control"]
    assert same.status_code == 304
    assert changed.status_code == 200
    assert config["autocapture_opt_out"] is True
    assert config["sessionRecording"]["endpoint"] == "/s/"
    unknown = requests.get(url.replace(server.project_key, "phc_unknown"), timeout=10)
    assert unknown.status_code == 404
    assert "text/html" not in unknown.headers["content-type"]


def test_a_running_survey_reaches_the_sdks_and_a_finished_one_does_not(
    server: HedgerowServer,
) -> None:
    api = f"{server.url}/api/projects/@current/surveys/"
    headers = {"authorization": f"Bearer {server.personal_key}"}
    body = {
        "name": "NPS",
        "questions": [{"type": "open", "question": "Why?"}],
        "start_date": "2026-01-01T00:00:00Z",
    }
    running = requests.post(api, json=body, headers=headers, timeout=10).json()
    for dates in (
        {"start_date": None},
        {"end_date": "2026-01-02T00:00:00Z"},
        {"start_date": "2999-01-01"},
    ):
        requests.post(api, json={**body, **dates}, headers=headers, timeout=10).raise_for_status()

    public = requests.get(
        f"{server.url}/api/surveys/?token={server.project_key}", timeout=10
    ).json()
    config = requests.get(f"{server.url}/array/{server.project_key}/config", timeout=10).json()

    assert [survey["id"] for survey in public["surveys"]] == [running["id"]]
    assert public["surveys"][0]["questions"] == running["questions"]
    assert config["surveys"] == public["surveys"]
    assert requests.get(f"{server.url}/api/surveys/?token=phc_no", timeout=10).status_code == 401


def test_telemetry_that_is_not_kept_is_counted(server: HedgerowServer) -> None:
    records = {"resourceLogs": [{"scopeLogs": [{"logRecords": [{}, {}, {"body": 1}]}]}]}
    url = f"{server.url}/i/v1/logs?token={server.project_key}"
    before = server.status()["outcomes"]["dropped"].get("logs_not_kept", 0)

    answer = requests.post(url, data=json.dumps(records), timeout=10)
    bad = requests.post(url, data="nonsense", timeout=10)
    unknown = requests.post(url.replace(server.project_key, "phc_no"), json=records, timeout=10)
    server.wait_until_ingested()

    assert (answer.status_code, answer.json()) == (200, {})
    assert (bad.status_code, unknown.status_code) == (400, 401)
    assert server.status()["outcomes"]["dropped"]["logs_not_kept"] == before + 3


def test_a_fresh_server_answers_with_no_flags(tmp_path: Path) -> None:
    """Its first key is known to the edge at once."""
    with HedgerowServer(tmp_path / "data") as fresh:
        answer = ask(fresh, distinct_id="first")

    assert answer["flags"] == {}
    assert answer["errorsWhileComputingFlags"] is False
