"""posthog-js in a real browser, loaded from the server itself, across origins."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
import requests

from hedgerow.directory.project_settings import COOKIELESS_STATEFUL
from hedgerow.testing.faulty_proxy import Fault, FaultyProxy
from hedgerow.testing.server import HedgerowServer

EVENT_PATHS = ("/e/", "/i/v0/e/")
FAULTS = [Fault.UNREADABLE, Fault.UNREADABLE, Fault.UNAVAILABLE, Fault.LOST]
# Chromium itself asks again where a connection ends that it has used before; the SDK sees the second.
DROPPING = [Fault.DROPPED, Fault.DROPPED, Fault.UNAVAILABLE]
VARIATIONS = (
    *("uncompressed", "xhr", "cookieless", "always", "flagless", "headers", "alias"),
    *("full", "alone", "base64"),
)
OPT_INS = (
    "session_recording_opt_in",
    "heatmaps_opt_in",
    "autocapture_exceptions_opt_in",
    "autocapture_web_vitals_opt_in",
    "capture_performance_opt_in",
    "capture_dead_clicks",
    "capture_console_log_opt_in",
)
# What the SDK loads from us when they are on.
LAZY_SCRIPTS = (
    "lazy-recorder",
    "web-vitals-with-attribution",
    "dead-clicks-autocapture",
    "exception-autocapture",
)
OLD_RELEASES = {
    "posthog-js-1-57": "1.57.2",
    "posthog-js-1-130": "1.130.1",
    "posthog-js-1-235": "1.235.0",
}
UNHARMED = (
    *("calls", "reset", "recorded", "logged", "toolbar", "survey", "targeted"),
    *VARIATIONS,
    *OLD_RELEASES,
)
SCENARIOS = (*UNHARMED, "configless", "stranger", "faulty", "dropped", "offline")


def is_for_events(path: str) -> bool:
    return path.startswith(EVENT_PATHS)


def call(server: HedgerowServer, method: str, path: str, body: Any) -> dict[str, Any]:
    headers = {"authorization": f"Bearer {server.personal_key}"}
    url = f"{server.url}/api/projects/{path}"
    response = requests.request(method, url, json=body, headers=headers, timeout=10)
    assert response.ok, response.text
    answer: dict[str, Any] = response.json()
    return answer


@pytest.fixture(scope="module")
def recording_project(sdk_server: HedgerowServer) -> dict[str, Any]:
    """A second project, with session replay and all else that can be switched on."""
    made = call(sdk_server, "POST", "", {"name": "Recorded"})
    call(sdk_server, "PATCH", f"{made['id']}/", dict.fromkeys(OPT_INS, True))
    return made


@pytest.fixture(scope="module")
def survey_project(sdk_server: HedgerowServer) -> dict[str, Any]:
    """A project that runs one survey, which stands in its `survey`."""
    made = call(sdk_server, "POST", "", {"name": "Asked"})
    survey = {
        "name": "How is it?",
        "type": "popover",
        "questions": [{"type": "open", "question": "What do you think?"}],
        "start_date": "2026-01-01T00:00:00Z",
    }
    return {**made, "survey": call(sdk_server, "POST", f"{made['id']}/surveys/", survey)}


@pytest.fixture(scope="module")
def targeted_project(sdk_server: HedgerowServer) -> dict[str, Any]:
    """A project with surveys for everybody, for a plan, and for those with a flag."""
    made = call(sdk_server, "POST", "", {"name": "Targeted"})
    pro = {"key": "plan", "type": "person", "operator": "exact", "value": ["pro"]}
    filters = {"groups": [{"properties": [pro], "rollout_percentage": 100}]}
    flag = call(
        sdk_server, "POST", f"{made['id']}/feature_flags/", {"key": "beta", "filters": filters}
    )
    ids = {}
    for name, fields in {
        "all": {},
        "plan": {"targeting_flag_filters": filters},
        "flag": {"linked_flag_id": flag["id"]},
    }.items():
        survey = {"name": name, "type": "api", "start_date": "2026-01-01T00:00:00Z", **fields}
        ids[name] = call(sdk_server, "POST", f"{made['id']}/surveys/", survey)["id"]
    return {**made, "surveys": ids}


@pytest.fixture(scope="module")
def projects(
    recording_project: dict[str, Any],
    survey_project: dict[str, Any],
    targeted_project: dict[str, Any],
) -> dict[str, str]:
    """What the script is told of the projects beside the first one."""
    told = {"TARGETED_SURVEY": targeted_project["surveys"]["all"]}
    for name, project in {
        "RECORDED": recording_project,
        "SURVEY": survey_project,
        "TARGETED": targeted_project,
    }.items():
        told |= {f"{name}_TOKEN": project["api_token"], f"{name}_PROJECT": str(project["id"])}
    return told


@pytest.fixture(scope="module")
def seen(
    sdk_server: HedgerowServer,
    run_script: Callable[..., dict[str, Any]],
    chromium: str,
    projects: dict[str, str],
) -> dict[str, Any]:
    """One browser, all scenarios at once; what each of them saw."""
    changed = requests.patch(
        f"{sdk_server.url}/api/projects/@current/",
        json={"cookieless_server_hash_mode": COOKIELESS_STATEFUL},
        headers={"authorization": f"Bearer {sdk_server.personal_key}"},
        timeout=10,
    )
    assert changed.status_code == 200, changed.text
    with (
        FaultyProxy(sdk_server.url, FAULTS, is_for_events) as proxy,
        FaultyProxy(sdk_server.url, DROPPING, is_for_events) as dropping,
    ):
        printed = run_script(
            "browser.mjs",
            HOST=sdk_server.url,
            ALIAS_HOST=f"{sdk_server.url}/hog",
            FAULTY_HOST=proxy.url,
            DROPPING_HOST=dropping.url,
            TOKEN=sdk_server.project_key,
            SECRET=sdk_server.personal_key,
            CHROMIUM=chromium,
            RUN=f"web-{uuid.uuid4().hex[:8]}",
            SCENARIOS=",".join(SCENARIOS),
            **projects,
        )
    assert proxy.requests > len(FAULTS)
    assert dropping.requests > len(DROPPING)
    sdk_server.wait_until_ingested()
    return printed


@pytest.fixture(scope="module")
def calls(seen: dict[str, Any], stored_of: Callable[..., Any]) -> Any:
    return stored_of(seen["calls"]["run"], seen["calls"]["anonymous"])


@pytest.mark.parametrize("name", UNHARMED)
def test_no_request_fails_and_nothing_is_said_on_the_console(
    seen: dict[str, Any], name: str
) -> None:
    assert seen[name]["problems"] == []


def test_each_file_and_answer_is_asked_for_once(seen: dict[str, Any]) -> None:
    paths = [request["path"] for request in seen["calls"]["requests"]]

    assert paths.count("/static/array.js") == 1
    assert len([path for path in paths if path.startswith("/array/")]) == 1
    assert not any("retry_count" in request["search"] for request in seen["calls"]["requests"])


def test_every_call_becomes_the_event_it_is_meant_to_be(calls: Any) -> None:
    counts = calls.counts()

    expected = {
        "$pageview": 2,
        "$pageleave": 1,
        "$autocapture": 1,
        "$identify": 1,
        "$set": 2,
        "$create_alias": 1,
        "$groupidentify": 1,
        "$screen": 1,
        "$exception": 1,
        "survey sent": 1,
        "e2e plain": 1,
        "e2e after identify": 1,
        "e2e options": 1,
        "e2e on unload": 1,
        "$feature_flag_called": 4,
    }
    assert {name: counts.get(name, 0) for name in expected} == expected
    assert "e2e opted out" not in counts
    plain = calls.one("e2e plain")["properties"]
    assert (plain["n"], plain["b"], plain["s"], plain["nested"]) == (1.5, True, "hé", {"a": [1, 2]})
    assert plain["$lib"] == "web"
    assert plain["$process_person_profile"] is False
    assert calls.one("$autocapture")["chain"].startswith("button.cta")
    assert calls.one("e2e options")["timestamp"].startswith("2024-04-03T12:0")


def test_the_anonymous_visitor_becomes_the_identified_person(
    calls: Any, seen: dict[str, Any]
) -> None:
    """Although `$identify` arrives before the anonymous events that were captured earlier."""
    alice = calls.person("alice")
    properties = alice["properties"]

    assert {seen["calls"]["anonymous"], calls.id("alice"), calls.id("alice-alias")} <= set(
        alice["distinct_ids"]
    )
    assert (properties["plan"], properties["first_seen"]) == ("pro", "2024-01-01")
    assert (properties["o"], properties["p"]) == (1, 1)
    assert properties["$initial_utm_source"] == "e2e"
    assert "email" not in properties
    others = [event["event"] for event in calls.events if calls.owner(event) != alice["id"]]
    assert others == []


def test_groups_and_flags_are_on_the_events(calls: Any, seen: dict[str, Any]) -> None:
    later = calls.one("e2e after identify")["properties"]

    assert calls.group("acme")["group_properties"] == {"name": "Acme", "seats": 11}
    assert later["$groups"] == {"company": calls.id("acme")}
    assert later["$feature/e2e-bool"] is True
    assert seen["calls"]["flags"] == {
        "e2e-bool": True,
        "e2e-multi": False,
        "e2e-off": False,
        "e2e-missing": None,
    }
    assert seen["calls"]["surveys"] == []
    assert seen["calls"]["features"] == []


def test_after_a_reset_events_belong_to_somebody_else(
    seen: dict[str, Any], stored_of: Callable[[str], Any]
) -> None:
    stored = stored_of(seen["reset"]["run"])

    assert stored.one("e2e after reset")["distinct_id"] == seen["reset"]["after"]
    assert seen["reset"]["after"] != seen["reset"]["before"]
    assert stored.persons(seen["reset"]["after"]) == []
    assert seen["reset"]["after"] not in stored.person("first")["distinct_ids"]


@pytest.mark.parametrize("name", [*VARIATIONS, "configless"])
def test_every_way_of_sending_stores_each_event_once(
    seen: dict[str, Any], stored_of: Callable[[str], Any], name: str
) -> None:
    counts = stored_of(seen[name]["run"]).counts()

    assert (counts["e1"], counts["e2"]) == (1, 1)
    asked = {request["path"] for request in seen[name]["requests"]}
    if name == "alias":
        assert all(path.startswith("/hog/") for path in asked)


@pytest.mark.parametrize(
    ("name", "content_type"),
    [
        ("full", "text/plain"),
        ("base64", "application/x-www-form-urlencoded"),
        ("configless", "application/json"),
    ],
)
def test_a_browser_encodes_as_the_configuration_says(
    seen: dict[str, Any], name: str, content_type: str
) -> None:
    """Gzip where it may; base64 in a form; plain JSON where there is no configuration."""
    requests = [item for item in seen[name]["requests"] if item["method"] == "POST"]
    last_event = [item for item in requests if item["path"] in EVENT_PATHS][-1]

    assert last_event["type"] == content_type
    asks_so = any("compression=base64" in item["search"] for item in requests)
    assert asks_so == (name != "full")


def test_a_browser_with_a_wrong_key_is_told_so_once_for_each_request(
    seen: dict[str, Any],
) -> None:
    """It can read the refusal: an answer that it may not read is status 0, and is tried again."""
    requests = seen["stranger"]["requests"]
    events = [item for item in requests if item["path"] in EVENT_PATHS]

    assert [item["status"] for item in events] == [401, 401, 401]
    assert {item["status"] for item in requests if item["path"] == "/flags/"} == {401}
    assert not any("retry_count" in item["search"] for item in requests)
    assert not any("CORS" in problem for problem in seen["stranger"]["problems"])


def test_a_browsers_log_records_are_taken_once(seen: dict[str, Any]) -> None:
    logs = [item for item in seen["logged"]["requests"] if item["path"] == "/i/v1/logs"]

    assert [item["status"] for item in logs] == [200]


def test_a_toolbar_from_before_is_asked_for_once_and_forgotten(seen: dict[str, Any]) -> None:
    paths = [item["path"] for item in seen["toolbar"]["requests"]]

    assert len([path for path in paths if path.endswith("/toolbar.js")]) == 1


def test_a_visitor_without_cookies_has_an_id_and_a_session_but_no_address(
    seen: dict[str, Any], stored_of: Callable[[str], Any]
) -> None:
    events = stored_of(seen["cookieless"]["run"]).events

    (distinct_id,) = {event["distinct_id"] for event in events}
    assert distinct_id.startswith("cookieless_")
    assert len({event["properties"]["$session_id"] for event in events}) == 1
    assert not any({"$ip", "$raw_user_agent"} & event["properties"].keys() for event in events)


def test_a_browser_that_cannot_read_the_answer_stores_each_event_once(
    seen: dict[str, Any], stored_of: Callable[[str], Any]
) -> None:
    """The same requests come again, and `$identify` before the events captured earlier."""
    stored = stored_of(seen["faulty"]["run"])
    counts = stored.counts()
    alice = stored.person("alice")

    assert counts["e2e faulty"] == 5
    assert (counts["before identify"], counts["$identify"]) == (1, 1)
    assert stored.owner(stored.one("before identify")) == alice["id"]
    assert len(alice["distinct_ids"]) == 2


@pytest.mark.parametrize("name", ["dropped", "offline"])
def test_what_was_captured_in_a_bad_network_is_stored_once(
    seen: dict[str, Any], stored_of: Callable[[str], Any], name: str
) -> None:
    """Dropped and then unavailable; offline until just before the page is left."""
    stored = stored_of(seen[name]["run"])

    assert [problem for problem in seen[name]["problems"] if problem.startswith("POST")] != []
    numbers = [event["properties"]["i"] for event in stored.named(f"e2e {name}")]
    assert sorted(numbers) == list(range(5))


@pytest.mark.parametrize("name", OLD_RELEASES)
def test_an_older_release_is_understood_as_the_newest(
    seen: dict[str, Any], stored_of: Callable[..., Any], name: str
) -> None:
    stored = stored_of(seen[name]["run"], seen[name]["anonymous"])
    alice = stored.person("alice")
    expected = ["old event", "old group", "$identify", "$create_alias", "$groupidentify"]

    counts = stored.counts()
    assert [counts.get(event, 0) for event in [*expected, "$autocapture"]] == [1] * 6
    for event in stored.events:
        assert stored.owner(event) == alice["id"], event["event"]
        assert event["properties"]["$lib_version"] == OLD_RELEASES[name]
    known = {seen[name]["anonymous"], stored.id("alice"), stored.id("alice-old")}
    assert known <= set(alice["distinct_ids"])
    assert alice["properties"]["plan"] == "pro"
    assert stored.one("old event")["properties"]["n"] == 1.5
    assert stored.one("old group")["properties"]["$groups"] == {"company": stored.id("acme")}
    assert stored.group("acme")["group_properties"]["seats"] == 11
    assert seen[name]["flags"] == {"e2e-bool": True, "e2e-multi": False, "e2e-off": False}


def test_a_survey_is_shown_and_its_answer_is_counted(
    sdk_server: HedgerowServer, seen: dict[str, Any], survey_project: dict[str, Any]
) -> None:
    survey = survey_project["survey"]
    base = f"/api/projects/{survey_project['id']}"
    stats = sdk_server.get(f"{base}/surveys/{survey['id']}/stats/")
    (person,) = sdk_server.get(f"{base}/persons/?distinct_id={seen['survey']['person']}")["results"]

    counted = {name: item["unique_persons"] for name, item in stats["stats"].items()}
    assert counted == {"survey shown": 1, "survey dismissed": 0, "survey sent": 1}
    assert stats["rates"]["response_rate"] == 100.0
    (question,) = stats["questions"]
    assert [answer["answer"] for answer in question["answers"]] == ["It is quick"]
    assert person["properties"][f"$survey_responded/{survey['id']}"] is True


def test_a_survey_is_shown_to_those_it_is_for_and_once_to_each_person(
    sdk_server: HedgerowServer, seen: dict[str, Any], targeted_project: dict[str, Any]
) -> None:
    """The page waits for who is asked: by plan, by flag, and not again on a second device."""
    run, ids = seen["targeted"]["run"], targeted_project["surveys"]
    base = f"/api/projects/{targeted_project['id']}"
    (person,) = sdk_server.get(f"{base}/persons/?distinct_id={run}-user")["results"]

    assert person["properties"][f"$survey_responded/{ids['all']}"] is True


def test_everything_that_can_be_switched_on_loads_and_arrives(
    sdk_server: HedgerowServer, seen: dict[str, Any]
) -> None:
    """Dead clicks and web vitals are awaited in the page; heatmaps become rows and no events."""
    paths = [request["path"] for request in seen["recorded"]["requests"]]

    for script in LAZY_SCRIPTS:
        assert len([path for path in paths if path.endswith(f"/{script}.js")]) == 1, script
    assert sdk_server.status()["outcomes"]["dropped"]["heatmap"] > 0


def test_a_session_is_recorded_and_can_be_played(
    sdk_server: HedgerowServer, seen: dict[str, Any], recording_project: dict[str, Any]
) -> None:
    session = seen["recorded"]["session"]
    base = f"/api/projects/{recording_project['id']}/session_recordings/"

    (listed,) = sdk_server.get(base)["results"]
    played = sdk_server.get(f"{base}{session}/snapshots/")["snapshots"]

    assert listed["id"] == session
    assert listed["click_count"] >= 1
    assert listed["keypress_count"] >= 1
    assert listed["recording_duration"] > 1
    times = [event["timestamp"] for event in played]
    assert times == sorted(times)
    full = next(event for event in played if event["type"] == 2)
    assert "childNodes" in full["data"]["node"]
    assert "typed text" not in str(played)
