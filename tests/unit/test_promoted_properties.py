"""A property gets a column of its own, and no answer changes, on the real engine."""

import itertools
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hedgerow.core import json
from hedgerow.directory.engine import open_directory
from hedgerow.query.promotions import Promotions
from hedgerow.query.runner import QueryRunner
from hedgerow.query.sql import QueryOptions, prepare
from hedgerow.store.client import connect
from hedgerow.store.event_store import ChdbEventStore
from hedgerow.store.promoted import PromotedProperties, PromotedProperty
from hedgerow.store.promotion import ColumnPromotion
from hedgerow.store.rows import EventRow, hot_values

NOW_US = 1_780_000_000_000_000
_project_ids = itertools.count(840_001)
_positions = itertools.count(3 * 10**12)
VALUES: list[Any] = ["gold", "", "10", "ten", 10, 10.5, True, None, [1, "a"], {"a": 1}]


class Types:
    def __init__(self, **types: str) -> None:
        self._types = types

    def property_type(self, scope: str, name: str) -> str | None:
        del scope
        return self._types.get(name)


def row(project_id: int, properties: dict[str, Any], person: dict[str, Any]) -> EventRow:
    return EventRow(
        uuid=str(uuid.uuid4()),
        project_id=project_id,
        event="e",
        distinct_id="u",
        person_id=b"p" * 16,
        timestamp_us=NOW_US,
        received_at_us=NOW_US,
        properties=json.encode(properties),
        person_properties=json.encode(person),
        person_created_at_us=NOW_US,
        person_mode="full",
        elements_chain="",
        historical_migration=False,
        log_position=next(_positions),
        log_index=0,
        hot=hot_values(properties),
    )


@pytest.fixture
def columns(promotions: Promotions) -> Iterator[ColumnPromotion]:
    yield promotions.columns
    for item in promotions.promoted():
        promotions.columns.demote(item)


def filled(columns: ColumnPromotion) -> None:
    deadline = time.monotonic() + 60
    while not all(item.done for item in columns.progress()):
        assert time.monotonic() < deadline, columns.progress()
        time.sleep(0.02)


QUESTIONS = [
    "SELECT properties.{name} AS x, count() FROM events GROUP BY x ORDER BY x",
    "SELECT person.properties.{name} AS x, count() FROM events GROUP BY x ORDER BY x",
    "SELECT sum(properties.{name}), max(person.properties.{name}) FROM events",
    "SELECT count() FROM events e WHERE e.properties.{name} > 9",
    "SELECT count() FROM events WHERE properties['{name}'] LIKE '1%'",
    "SELECT upper(properties.{name}) AS x FROM events ORDER BY x",
]


@pytest.mark.parametrize("type_", ["String", "Numeric", "Boolean", "DateTime"])
@pytest.mark.parametrize("scope", ["event", "person_on_event"])
def test_answers_are_the_same_before_during_and_after(
    event_store: ChdbEventStore,
    query_runner: QueryRunner,
    columns: ColumnPromotion,
    type_: str,
    scope: Any,
) -> None:
    project_id, name = next(_project_ids), f"p_{scope}_{type_}"

    def write() -> None:
        event_store.insert_events(
            [row(project_id, {name: value}, {name: value, "b": 1}) for value in VALUES]
        )

    def answers() -> list[Any]:
        kinds = {} if type_ == "String" else {name: type_}
        options = QueryOptions(types=Types(**kinds), promoted=columns.promoted())
        found = []
        for question in QUESTIONS:
            if type_ in ("Boolean", "DateTime") and ("sum(" in question or "> 9" in question):
                continue
            prepared = prepare(question.format(name=name), project_id=project_id, options=options)
            found.append(query_runner.run(prepared).rows)
        return found

    write()
    before = answers()
    promoted = PromotedProperty(scope, name, type_)

    columns.promote(promoted)
    assert answers() == before
    filled(columns)
    assert answers() == before
    assert len(columns.promoted()) == 1

    columns.demote(promoted)
    assert answers() == before
    columns.promote(promoted)
    write()
    with_new = answers()
    columns.demote(promoted)
    assert answers() == with_new
    assert with_new != before


def test_a_promoted_property_is_read_from_its_column() -> None:
    promoted = PromotedProperties([PromotedProperty("event", "plan", "Numeric")])
    options = QueryOptions(types=Types(plan="Numeric"), promoted=promoted)

    printed = prepare(
        "SELECT properties.plan, upper(properties.plan), properties.plan.inner FROM events",
        project_id=1,
        options=options,
    ).sql

    assert printed.count("JSONExtract") == 1
    assert printed.count("_value") == 3


def test_filling_that_was_cut_off_is_taken_up_at_the_start(
    event_store: ChdbEventStore, columns: ColumnPromotion
) -> None:
    """As after a crash between adding the columns and filling them."""
    event_store.insert_events([row(next(_project_ids), {"cut": "x"}, {})])
    promoted = PromotedProperty("event", "cut", "String")
    for statement in promoted.add_statements(few_values=True):
        columns._command(statement)
    restarted = ColumnPromotion(lambda: connect(event_store._folder))
    assert [item.done for item in restarted.progress()] == [False]

    restarted.resume()

    filled(restarted)
    restarted.demote(promoted)
    restarted.close()


def test_another_type_replaces_the_columns(columns: ColumnPromotion) -> None:
    columns.promote(PromotedProperty("event", "changing", "Numeric"))
    columns.promote(PromotedProperty("event", "changing", "String"))

    assert [(item.name, item.type) for item in columns.promoted()] == [("changing", "String")]


@pytest.mark.parametrize("name", ["a b", "it's", "back\\slash", 'qu"ote', "`tick`", "é{x}", "$x"])
def test_a_property_of_any_name_can_be_promoted(
    event_store: ChdbEventStore, query_runner: QueryRunner, columns: ColumnPromotion, name: str
) -> None:
    project_id = next(_project_ids)
    event_store.insert_events([row(project_id, {name: "found"}, {})])
    columns.promote(PromotedProperty("event", name))
    literal = name.replace("\\", "\\\\").replace("'", "\\'")

    prepared = prepare(
        f"SELECT properties['{literal}'] FROM events",
        project_id=project_id,
        options=QueryOptions(promoted=columns.promoted()),
    )

    assert query_runner.run(prepared).rows == [["found"]]
    assert "JSONExtract" not in prepared.sql


def test_queries_suggest_what_to_promote(promotions: Promotions) -> None:
    name = f"often-{uuid.uuid4().hex}"
    for _ in range(3):
        promotions.note([("event", name), ("event", "$browser"), ("person", "other")], 50)
    promotions.note([("event", "once")], 5000)

    suggested = {use.name: use for use in promotions.suggestions()}

    assert suggested[name].queries == 3
    assert suggested[name].elapsed_ms == 150
    assert not {"$browser", "other", "once"} & set(suggested)


def test_what_queries_read_is_known_after_a_restart(promotions: Promotions, tmp_path: Path) -> None:
    name = f"kept-{uuid.uuid4().hex}"
    directory = open_directory(tmp_path / "directory.db")
    before = Promotions(promotions.columns, directory)
    before.note([("event", name)], 50)
    before.save()
    before.note([("event", name)], 50)
    before.save()
    directory.close()

    directory = open_directory(tmp_path / "directory.db")
    after = Promotions(promotions.columns, directory)
    after.note([("event", name)], 50)
    (use,) = after.suggestions()
    directory.close()

    assert (use.name, use.queries, use.elapsed_ms) == (name, 3, 150)
