"""The official Python SDK, unchanged but for its host: sync and async, in both capture modes."""

import asyncio
import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from posthog import AsyncPosthog, Posthog, identify_context, new_context, tag
from posthog.version import VERSION

from hedgerow.testing.server import HedgerowServer

FLAG_KEYS = ("e2e-bool", "e2e-multi", "e2e-off", "e2e-missing")


class Calls:
    """Makes every call of a client once; sync and async clients have the same ones."""

    def __init__(self, server: HedgerowServer, run: str, mode: str) -> None:
        self.errors: list[str] = []
        self.sent: list[str] = []
        self._server = server
        self._run = run
        self._mode = mode

    def options(self, **more: Any) -> dict[str, Any]:
        return {
            "project_api_key": self._server.project_key,
            "host": self._server.url,
            "capture_mode": self._mode,
            "super_properties": {"run": self._run},
            "on_error": lambda error, _batch: self.errors.append(repr(error)),
            **more,
        }

    def id(self, name: str) -> str:
        return f"{self._run}-{name}"

    def keep(self, event_uuid: str | None) -> None:
        assert event_uuid is not None
        self.sent.append(event_uuid)

    def make(self, client: Any) -> None:
        self.events(client)
        self.persons(client)
        self.kinds(client)

    def events(self, client: Any) -> None:
        alice = self.id("alice")
        properties = {"n": 1.5, "b": True, "s": "hé", "nested": {"a": [1, 2]}, "none": None}
        self.keep(client.capture("e2e plain", distinct_id=alice, properties=properties))
        noon = dt.datetime(2024, 4, 3, 12, tzinfo=dt.UTC)
        event_uuid = str(uuid.uuid4())
        self.keep(
            client.capture("e2e fixed time", distinct_id=alice, timestamp=noon, uuid=event_uuid)
        )
        self.keep(client.capture("e2e anonymous"))
        personless = {"$process_person_profile": False}
        self.keep(
            client.capture("e2e anonymous", distinct_id=self.id("bob"), properties=personless)
        )
        for number in range(250):
            client.capture("e2e bulk", distinct_id=self.id("bulk"), properties={"i": number})

    def persons(self, client: Any) -> None:
        alice = self.id("alice")
        first = {"email": "alice@example.com", "plan": "free"}
        self.keep(client.set(distinct_id=alice, properties=first))
        self.keep(client.set_once(distinct_id=alice, properties={"first_seen": "2024-01-01"}))
        self.keep(client.set_once(distinct_id=alice, properties={"first_seen": "2030-01-01"}))
        inside = {"$set": {"plan": "pro"}, "$set_once": {"origin": "ads"}, "$unset": ["email"]}
        self.keep(client.capture("e2e props", distinct_id=alice, properties=inside))
        self.keep(client.capture("e2e before identify", distinct_id=self.id("carol-anon")))
        merge = {"$anon_distinct_id": self.id("carol-anon"), "$set": {"name": "Carol"}}
        self.keep(client.capture("$identify", distinct_id=self.id("carol"), properties=merge))
        self.keep(client.alias(previous_id=self.id("dave-old"), distinct_id=self.id("dave")))

    def kinds(self, client: Any) -> None:
        alice, acme = self.id("alice"), self.id("acme")
        described = {"name": "Acme", "seats": 11}
        self.keep(client.group_identify("company", acme, described, distinct_id=alice))
        self.keep(client.capture("e2e group", distinct_id=alice, groups={"company": acme}))
        page = {"$current_url": "https://example.com/a", "$session_id": "s-1"}
        self.keep(client.capture("$pageview", distinct_id=alice, properties=page))
        screen = {"$screen_name": "Home"}
        self.keep(client.capture("$screen", distinct_id=alice, properties=screen))
        self.keep(client.capture("survey sent", distinct_id=alice, properties={"$survey_id": "s1"}))
        self.keep(client.capture_exception(ValueError("e2e boom"), distinct_id=alice))
        with new_context():
            identify_context(self.id("erin"))
            tag("area", "billing")
            self.keep(client.capture("e2e context"))

    def flagged(self, client: Any, flags: Any) -> dict[str, Any]:
        values = {key: flags.get_flag(key) for key in FLAG_KEYS}
        self.keep(client.capture("e2e flagged", distinct_id=self.id("alice"), flags=flags))
        return values

    def historical(self, client: Any) -> None:
        old = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
        self.keep(client.capture("e2e historical", distinct_id=self.id("alice"), timestamp=old))

    def asked(self) -> dict[str, Any]:
        company = self.id("acme")
        return {
            "person_properties": {"plan": "pro"},
            "groups": {"company": company},
            "group_properties": {"company": {"seats": 11}},
        }


def run_sync(calls: Calls, secret: str) -> tuple[dict[str, Any], dict[str, Any]]:
    client = Posthog(**calls.options())
    calls.make(client)
    values = calls.flagged(client, client.evaluate_flags(calls.id("alice"), **calls.asked()))
    client.flush()
    client.shutdown()
    for option in ({"gzip": True}, {"sync_mode": True}):
        other = Posthog(**calls.options(**option))
        calls.keep(other.capture("e2e option", distinct_id=calls.id("alice")))
        other.shutdown()
    old = Posthog(**calls.options(historical_migration=True))
    calls.historical(old)
    old.shutdown()
    local = Posthog(**calls.options(secret_key=secret, poll_interval=30))
    local.load_feature_flags()  # type: ignore[no-untyped-call]  # the library left it so
    found = {
        key: local.get_feature_flag(
            key,
            calls.id("alice"),
            person_properties={"plan": "pro"},
            only_evaluate_locally=True,
            send_feature_flag_events=False,
        )
        for key in FLAG_KEYS[:3]
    }
    local.shutdown()
    return values, found


async def run_async(calls: Calls) -> dict[str, Any]:
    client = AsyncPosthog(**calls.options())
    calls.make(client)
    flags = await client.evaluate_flags(calls.id("alice"), **calls.asked())
    values = calls.flagged(client, flags)
    await client.flush()
    await client.shutdown()
    old = AsyncPosthog(**calls.options(historical_migration=True))
    calls.historical(old)
    await old.shutdown()
    return values


def check_flags(values: dict[str, Any]) -> None:
    assert values["e2e-bool"] is True
    assert values["e2e-multi"] in ("blue", "red")
    assert values["e2e-off"] is False
    assert values["e2e-missing"] is None


@pytest.mark.parametrize("mode", ["v0", "v1"])
@pytest.mark.parametrize("kind", ["sync", "async"])
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_every_call_of_the_sdk_is_stored_as_it_was_meant(
    kind: str,
    mode: str,
    sdk_server: HedgerowServer,
    stored_of: Callable[[str], Any],
    check_server_run: Callable[[Any, dict[str, Any]], None],
) -> None:
    calls = Calls(sdk_server, f"py-{kind}-{mode}-{uuid.uuid4().hex[:8]}", mode)
    if kind == "sync":
        values, local = run_sync(calls, sdk_server.personal_key)
        assert local == {key: values[key] for key in local}
    else:
        values = asyncio.run(run_async(calls))
    stored = stored_of(calls.id("").removesuffix("-"))

    check_server_run(
        stored,
        {"errors": calls.errors, "sent": calls.sent, "lib": "posthog-python", "version": VERSION},
    )
    check_flags(values)
    context = stored.one("e2e context")
    assert (context["distinct_id"], context["properties"]["area"]) == (calls.id("erin"), "billing")
    assert stored.one("$pageview")["properties"]["$session_id"] == "s-1"
    assert stored.one("$exception")["properties"]["$exception_list"][0]["type"] == "ValueError"
    assert len(stored.named("e2e option")) == (2 if kind == "sync" else 0)
