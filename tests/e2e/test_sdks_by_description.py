"""What the SDKs send that nobody has recorded: Go, Ruby, PHP and Android, after their sources.

The headers, envelopes and places of the fields are those of sdk-contract §3, §4 and §8.
"""

from collections.abc import Iterator
from typing import Any

import pytest
import requests
from tests.e2e.described_sdks import person, send

from hedgerow.testing.server import HedgerowServer

GO = {"User-Agent": "posthog-go/1.6.0", "Content-Type": "application/json"}
RUBY = {
    "User-Agent": "posthog-ruby/3.23.2",
    "Accept": "application/json",
    "Content-Type": "application/json",
}
PHP = {"User-Agent": "posthog-php/4.13.2", "Content-Type": "application/json"}
ANDROID = {"User-Agent": "posthog-android/3.20.0", "Content-Type": "application/json"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HedgerowServer]:
    with HedgerowServer(tmp_path_factory.mktemp("described") / "data") as server:
        yield server


def test_posthog_go_identifies_aliases_and_groups(server: HedgerowServer) -> None:
    common = {"library": "posthog-go", "library_version": "1.6.0", "type": "capture"}
    time = "2026-11-20T10:00:00.123456789Z"
    send(
        server,
        "/batch/?compression=gzip",
        {**GO, "Content-Encoding": "gzip"},
        [
            {
                **common,
                "event": "$identify",
                "distinct_id": "go-user",
                "timestamp": time,
                "properties": {"$lib": "posthog-go"},
                "$set": {"plan": "pro"},
            },
            {
                **common,
                "event": "$create_alias",
                "timestamp": time,
                "properties": {"distinct_id": "go-user", "alias": "go-old", "$lib": "posthog-go"},
            },
            {
                **common,
                "event": "$groupidentify",
                "distinct_id": "$company_acme",
                "timestamp": time,
                "properties": {
                    "$group_type": "company",
                    "$group_key": "acme",
                    "$group_set": {"size": 7},
                    "$lib": "posthog-go",
                },
            },
            {
                **common,
                "event": "go event",
                "distinct_id": "go-user",
                "timestamp": time,
                "properties": {"$lib": "posthog-go", "$groups": {"company": "acme"}},
            },
        ],
    )

    found = person(server, "go-user")
    assert (sorted(found["distinct_ids"]), found["properties"]["plan"]) == (
        ["go-old", "go-user"],
        "pro",
    )
    sql = (
        "SELECT toString(timestamp), properties.$group_0 FROM events"
        " WHERE distinct_id = 'go-user' AND event = 'go event'"
    )
    ((stored_time, group),) = server.query(sql)
    assert stored_time.startswith("2026-11-20 10:00:00.123456")
    assert group == "acme"
    group_path = "/api/projects/@current/groups/find/?group_type_index=0&group_key=acme"
    assert server.get(group_path)["group_properties"]["size"] == 7


def test_posthog_ruby_identifies_with_its_properties_in_two_places(server: HedgerowServer) -> None:
    event = {
        "type": "identify",
        "event": "$identify",
        "distinct_id": "ruby-user",
        "uuid": "7d3f1c9e-4b61-4d0a-9a51-0f8f4f7f6c11",
        "messageId": "m-1",
        "library": "posthog-ruby",
        "timestamp": "2026-11-20T10:00:00.000Z",
        "$set": {"plan": "team"},
        "properties": {"plan": "team", "$lib": "posthog-ruby", "$lib_version": "3.23.2"},
    }
    send(server, "/batch/", {**RUBY, "Content-Encoding": "gzip"}, [event])

    assert person(server, "ruby-user")["properties"]["plan"] == "team"


def test_posthog_php_sends_an_expect_header_and_a_null_id_in_an_alias(
    server: HedgerowServer,
) -> None:
    common = {"library": "posthog-php", "timestamp": "2026-11-20T10:00:00+00:00"}
    events: list[dict[str, Any]] = [
        {
            **common,
            "event": "$identify",
            "distinct_id": "php-user",
            "$set": {"plan": "free"},
            "properties": {"$lib": "posthog-php"},
        },
        {
            **common,
            "event": "$create_alias",
            "distinct_id": None,
            "properties": {"distinct_id": "php-user", "alias": "php-old", "$lib": "posthog-php"},
        },
    ]
    send(server, "/batch/", {**PHP, "Expect": "100-continue"}, events)

    found = person(server, "php-old")
    assert (sorted(found["distinct_ids"]), found["properties"]["plan"]) == (
        ["php-old", "php-user"],
        "free",
    )


def test_posthog_android_identifies_who_was_anonymous(server: HedgerowServer) -> None:
    common = {"timestamp": "2026-11-20T10:00:00.000Z"}
    events = [
        {
            **common,
            "event": "Application Opened",
            "uuid": "0199f0a0-0000-7000-8000-00000000a001",
            "distinct_id": "android-anonymous",
            "properties": {"$lib": "posthog-android"},
        },
        {
            **common,
            "event": "$identify",
            "uuid": "0199f0a0-0000-7000-8000-00000000a002",
            "distinct_id": "android-user",
            "properties": {
                "$lib": "posthog-android",
                "$anon_distinct_id": "android-anonymous",
                "$set": {"plan": "pro"},
            },
        },
    ]
    send(
        server,
        "/batch",
        {**ANDROID, "Content-Encoding": "gzip"},
        events,
        sent_at="2026-11-20T10:00:01.000Z",
    )

    found = person(server, "android-user")
    assert sorted(found["distinct_ids"]) == ["android-anonymous", "android-user"]
    people = "SELECT uniq(person_id) FROM events WHERE distinct_id LIKE 'android-%'"
    assert server.query(people) == [[1]]


@pytest.mark.parametrize(
    ("headers", "key_name"), [(GO, "api_key"), (PHP, "api_key"), (RUBY, "token")]
)
def test_flags_are_asked_by_each_name_of_the_key(
    server: HedgerowServer, headers: dict[str, str], key_name: str
) -> None:
    body = {
        key_name: server.project_key,
        "distinct_id": "anybody",
        "groups": {},
        "person_properties": {},
        "group_properties": {},
    }
    answer = requests.post(server.url + "/flags/?v=2", json=body, headers=headers, timeout=30)

    assert answer.status_code == 200
    assert answer.json()["errorsWhileComputingFlags"] is False
