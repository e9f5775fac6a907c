"""Tables of sessions and groups through the real API."""

import itertools
from collections.abc import Iterator
from typing import Any

import pytest

from hedgerow.store.client import connect
from hedgerow.store.event_store import ChdbEventStore
from hedgerow.testing.insight_vectors import (
    InsightInstance,
    VectorEngine,
    VectorFailedError,
    insight_instance,
)

from .test_web_queries import EVENTS, session_id

_project_ids = itertools.count(978_001)


def group(key: str, type_: str = "company", **properties: Any) -> dict[str, Any]:
    return {
        "event": "$groupidentify",
        "distinct_id": "ada",
        "timestamp": "2026-03-01T10:00:00Z",
        "properties": {"$group_type": type_, "$group_key": key, "$group_set": properties},
    }


GROUPS = [
    group("acme", name="Acme Ltd", seats=50),
    group("globex", seats=7),
    group("initech", name="Initech"),
    group("lobby", "room"),
]


@pytest.fixture(scope="module")
def world(event_store: ChdbEventStore) -> Iterator[InsightInstance]:
    engine = VectorEngine(event_store, lambda: connect(event_store._folder))
    vector = {"events": [*EVENTS, *GROUPS]}
    with insight_instance(engine, next(_project_ids), vector) as instance:
        yield instance


def sessions(world: InsightInstance, *select: str, **fields: Any) -> list[list[Any]]:
    query = {"kind": "SessionsQuery", "select": list(select)} | fields
    found: list[list[Any]] = world.answer(query)["results"]
    return found


def numbers(world: InsightInstance, **fields: Any) -> list[int]:
    """The sessions by their numbers in the events above."""
    return [int(row[0][-12:]) for row in sessions(world, "session_id", **fields)]


def test_sessions_are_listed_the_newest_first(world: InsightInstance) -> None:
    assert numbers(world) == [5, 4, 3, 2, 1, 6]
    answer = world.answer(
        {"kind": "SessionsQuery", "select": ["session_id"], "limit": 2, "offset": 1}
    )
    assert answer["results"] == [[session_id(4)], [session_id(3)]]
    assert (answer["hasMore"], answer["limit"], answer["offset"]) == (True, 2, 1)
    assert answer["columns"] == ["session_id"]


def test_a_session_is_listed_whole_by_when_it_starts(world: InsightInstance) -> None:
    """The last visit of the 3rd ends on the 4th."""
    assert numbers(world, after="2026-03-03", before="2026-03-04") == [5, 4, 3]
    assert numbers(world, after="2026-03-04") == []
    ((duration,),) = sessions(world, "$session_duration", after="2026-03-03T12:00:00")
    assert duration == 240


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"event": "buy"}, [4, 1]),
        ({"eventProperties": [{"key": "amount", "operator": "gt", "value": 15}]}, [1]),
        ({"where": ["$pageview_count > 1"]}, [5, 1]),
        (
            {"properties": [{"type": "session", "key": "$channel_type", "value": ["Email"]}]},
            [2],
        ),
        (
            {"properties": [{"type": "session", "key": "$is_bounce", "value": "true"}]},
            [2, 6],
        ),
        ({"properties": [{"type": "hogql", "key": "$entry_pathname = '/blog'"}]}, [5, 3]),
        ({"orderBy": ["$session_duration DESC", "session_id"], "limit": 2}, [5, 1]),
    ],
)
def test_sessions_are_chosen_by_what_they_are_and_hold(
    world: InsightInstance, fields: dict[str, Any], expected: list[int]
) -> None:
    assert numbers(world, **fields) == expected


def test_a_persons_sessions_follow_merges(world: InsightInstance) -> None:
    query = {"kind": "ActorsQuery", "select": ["id"], "search": "ada"}
    ((ada,),) = world.answer(query)["results"]

    assert numbers(world, personId=ada) == [5, 1]


def test_sessions_can_be_grouped_and_shown_whole(world: InsightInstance) -> None:
    by_entry = sessions(world, "$entry_pathname", "count()")
    ((whole,),) = sessions(world, "*", event="$rageclick")

    assert by_entry == [["/", 4], ["/blog", 2]]
    assert whole["session_id"] == session_id(3)
    assert whole["$entry_pathname"] == "/blog"


def groups(world: InsightInstance, **fields: Any) -> list[list[Any]]:
    query = {"kind": "GroupsQuery", "group_type_index": 0} | fields
    found: list[list[Any]] = world.answer(query)["results"]
    return found


def test_groups_of_a_type_are_listed_by_key(world: InsightInstance) -> None:
    assert groups(world) == [["Acme Ltd", "acme"], ["globex", "globex"], ["Initech", "initech"]]
    assert groups(world, group_type_index=1) == [["lobby", "lobby"]]
    assert groups(world, search="LTD") == [["Acme Ltd", "acme"]]
    seats = {"type": "group", "key": "seats", "operator": "gt", "value": 10}
    assert groups(world, properties=[seats], select=["key", "properties.seats"]) == [["acme", "50"]]
    assert groups(world, select=["key"], orderBy=["key DESC"], limit=1) == [["initech"]]
    ((whole,),) = groups(world, select=["*"], search="acme")
    assert (whole["key"], whole["properties"]["seats"]) == ("acme", 50)


@pytest.mark.parametrize(
    ("query", "attribute"),
    [
        ({"kind": "SessionsQuery", "select": []}, "query.select"),
        ({"kind": "SessionsQuery", "select": ["colour("]}, "query.select.0"),
        ({"kind": "SessionsQuery", "select": ["sleep(1)"]}, "query.select.0"),
        ({"kind": "SessionsQuery", "select": ["*"], "after": "soon"}, "query.after"),
        (
            {"kind": "SessionsQuery", "select": ["*"], "properties": [{"key": "a", "value": 1}]},
            "query.properties.0.type",
        ),
        ({"kind": "SessionsQuery", "select": ["*"], "where": ["1; SELECT 1"]}, "query.where.0"),
        ({"kind": "GroupsQuery"}, "query.group_type_index"),
        ({"kind": "GroupsQuery", "group_type_index": 5}, "query.group_type_index"),
        ({"kind": "GroupsQuery", "group_type_index": 0, "select": ["f("]}, "query.select.0"),
    ],
)
def test_a_table_that_cannot_be_made_names_the_field(
    world: InsightInstance, query: dict[str, Any], attribute: str
) -> None:
    with pytest.raises(VectorFailedError, match=f'"attr":"{attribute}"'):
        world.answer(query)
