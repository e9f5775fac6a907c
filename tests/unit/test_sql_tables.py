"""The tables of a user's SQL and what joins them, on the real engine."""

import itertools
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from hedgerow.core import json
from hedgerow.core.errors import QueryError
from hedgerow.query.runner import QueryRunner
from hedgerow.query.sql import QueryOptions, prepare
from hedgerow.store.event_store import ChdbEventStore
from hedgerow.store.rows import DistinctIdRow, EventRow, PersonRow, hot_values

START_US = 1_772_445_600_000_000  # 2026-03-02T10:00:00Z
SECOND_US = 1_000_000
_project_ids = itertools.count(820_001)
_positions = itertools.count(2 * 10**12)


def person(number: int) -> bytes:
    return uuid.UUID(int=number + 1).bytes


def session(number: int) -> str:
    return f"019cadfd-8900-7001-8000-{number:012x}"


@dataclass
class World:
    """One project whose rows a test writes by hand."""

    store: ChdbEventStore
    runner: QueryRunner
    project_id: int
    types: dict[tuple[str, str], str] = field(default_factory=dict)

    def property_type(self, scope: str, name: str) -> str | None:
        return self.types.get((scope, name))

    def event(self, name: str = "e", *, at: float = 0, by: int = 0, **properties: Any) -> EventRow:
        """`at` is in seconds after 10:00, `by` the number of the person."""
        properties = {key.replace("__", "$"): value for key, value in properties.items()}
        row = EventRow(
            uuid=str(uuid.uuid4()),
            project_id=self.project_id,
            event=name,
            distinct_id=f"u{by}",
            person_id=person(by),
            timestamp_us=START_US + int(at * SECOND_US),
            received_at_us=START_US,
            properties=json.encode(properties),
            person_properties=b'{"plan":"old"}',
            person_created_at_us=START_US,
            person_mode="full",
            elements_chain="",
            historical_migration=False,
            log_position=next(_positions),
            log_index=0,
            hot=hot_values(properties),
        )
        self.store.insert_events([row])
        return row

    def person(self, number: int, **properties: Any) -> None:
        self.store.insert_persons(
            [
                PersonRow(
                    self.project_id, person(number), START_US, json.encode(properties), True, 1
                )
            ],
            [DistinctIdRow(self.project_id, f"u{number}", person(number), 1)],
        )

    def merge(self, old: int, new: int) -> None:
        self._insert(
            "person_overrides",
            ("old_person_id", uuid.UUID(bytes=person(old))),
            ("person_id", uuid.UUID(bytes=person(new))),
        )

    def group(self, index: int, key: str, **properties: Any) -> None:
        self._insert(
            "groups",
            ("group_type_index", index),
            ("group_key", key),
            ("properties", json.encode(properties).decode()),
            ("created_at", datetime.fromtimestamp(START_US / SECOND_US, UTC)),
        )

    def _insert(self, table: str, *columns: tuple[str, Any]) -> None:
        row = {"project_id": self.project_id, **dict(columns), "version": 1, "is_deleted": 0}
        self.store._client.insert(table, [list(row.values())], column_names=list(row))

    def ask(self, sql: str, **values: Any) -> list[list[Any]]:
        options = QueryOptions(types=self, values=values)
        return self.runner.run(prepare(sql, project_id=self.project_id, options=options)).rows


@pytest.fixture
def world(event_store: ChdbEventStore, query_runner: QueryRunner) -> World:
    return World(event_store, query_runner, next(_project_ids))


def test_a_property_has_the_type_of_its_definition(world: World) -> None:
    world.types = {
        ("event", "amount"): "Numeric",
        ("event", "paid"): "Boolean",
        ("event", "due"): "DateTime",
        ("event", "code"): "String",
    }
    world.event(amount=9, paid=True, due="2026-03-01T10:00:00Z", code="10")
    world.event(amount=10.5, paid=False, due="2026-04-01", code="9")
    world.event(amount="ten", paid="maybe", due="soon")

    assert world.ask("SELECT max(properties.amount), countIf(properties.paid) FROM events") == [
        [10.5, 1]
    ]
    assert world.ask("SELECT count() FROM events WHERE properties.due > '2026-03-15'") == [[1]]
    assert world.ask("SELECT properties.amount FROM events ORDER BY 1") == [[9.0], [10.5], [None]]
    assert world.ask("SELECT count() FROM events WHERE properties.amount LIKE '10.%'") == [[1]]
    assert world.ask("SELECT max(properties.code) FROM events") == [["9"]]


def test_a_merge_moves_all_events_at_once(world: World) -> None:
    world.event(by=1)
    world.event(by=2)
    assert world.ask("SELECT uniq(person_id), uniq(person.id) FROM events") == [[2, 2]]

    world.merge(1, 2)

    assert world.ask("SELECT uniq(person_id), uniq(person.id) FROM events") == [[1, 1]]
    assert world.ask("SELECT uniq(e.person_id) FROM events AS e") == [[1]]
    assert world.ask("SELECT uniq(person_id) FROM (SELECT * FROM events)") == [[1]]


def test_merged_persons_cost_nothing_where_nobody_asks_for_them() -> None:
    def printed(sql: str) -> str:
        return prepare(sql, project_id=1).sql

    assert "person_overrides" not in printed("SELECT count() FROM events WHERE event = 'e'")
    assert "person_overrides" not in printed(
        "SELECT count() FROM events e JOIN person_distinct_ids d USING (distinct_id) "
        "WHERE d.person_id IS NOT NULL"
    )
    assert "person_overrides" in printed("SELECT person_id FROM events")
    assert "person_overrides" in printed("SELECT 1 FROM events JOIN persons p ON person_id = p.id")
    assert "person_overrides" in printed(
        "SELECT 1 FROM events e JOIN person_distinct_ids d USING (person_id)"
    )


def test_a_person_is_read_as_on_the_event_or_as_now(world: World) -> None:
    world.event(by=1)
    world.event(by=3)
    world.person(1, plan="stale")
    world.person(2, plan="new")
    world.merge(1, 2)

    rows = world.ask(
        "SELECT person.properties.plan, current_person.properties.plan, "
        "pdi.person.properties.plan, current_person.is_identified FROM events ORDER BY distinct_id"
    )

    assert rows == [["old", "new", "new", 1], ["old", None, None, None]]
    joined = "SELECT p.properties.plan FROM events e JOIN persons p ON e.person_id = p.id"
    assert world.ask(joined) == [["new"]]
    distinct_ids = "SELECT person.properties.plan FROM person_distinct_ids ORDER BY distinct_id"
    assert world.ask(distinct_ids) == [["stale"], ["new"]]


def test_a_group_is_joined_by_its_key(world: World) -> None:
    world.group(0, "acme", tier="gold", seats=5)
    world.group(1, "acme", tier="not this")
    world.event(by=1, __group_0="acme")
    world.event(by=2, __group_0="unknown")
    world.event(by=3)

    rows = world.ask(
        "SELECT $group_0, group_0.key, group_0.properties.tier, isNull(group_0.created_at), "
        "group_1.properties.tier FROM events ORDER BY distinct_id"
    )

    assert rows == [
        ["acme", "acme", "gold", 0, None],
        ["unknown", "unknown", None, 1, None],
        [None, None, None, 1, None],
    ]
    assert world.ask("SELECT index, key, properties.seats + 1 FROM groups ORDER BY index") == [
        [0, "acme", 6.0],
        [1, "acme", None],
    ]


def test_a_session_is_its_events(world: World) -> None:
    page: dict[str, Any] = {"__session_id": session(1)}
    world.event("api", at=0, **page, __current_url="https://x.test/before?a=1")
    world.event("$pageview", at=1, **page, __current_url="https://x.test/in", utm_source="News")
    world.event("$pageview", at=40.5, by=2, **page, __current_url="https://y.test/out", gclid="g")
    world.event("$autocapture", at=41, by=2, **page, __external_click_url="https://z.test/")
    world.event("$pageleave", at=62.2, by=2, **page, __current_url="https://x.test/after")
    world.event("$pageview", at=5, __session_id="4f1dc7a0-0000-4000-8000-000000000001")
    world.event("$pageview", at=5, __session_id="no uuid")
    world.event("$pageview", at=5)

    rows = world.ask(
        "SELECT session_id, distinct_id, $start_timestamp, $end_timestamp, duration, "
        "$session_duration, $entry_current_url, $entry_pathname, $end_hostname, $exit_pathname, "
        "$urls, $num_uniq_urls, $last_external_click_url, $entry_utm_source, $entry_gclid, "
        "$pageview_count, $autocapture_count, $screen_count, $channel_type, $is_bounce FROM sessions"
    )

    assert rows == [
        [
            *(session(1), "u2", "2026-03-02T10:00:00Z", "2026-03-02T10:01:02.200000Z", 62, 62),
            *("https://x.test/in", "/in", "y.test", "/out"),
            *(["https://x.test/in", "https://y.test/out"], 2, "https://z.test/", "News", "g"),
            *(2, 1, 0, "Unknown", False),
        ]
    ]


def test_a_session_bounces_when_one_page_is_soon_left(world: World) -> None:
    world.event("$pageview", __session_id=session(1))
    world.event("$pageview", __session_id=session(2))
    world.event("$pageleave", at=9.9, __session_id=session(2))
    world.event("$pageview", __session_id=session(3))
    world.event("$pageleave", at=10, __session_id=session(3))
    world.event("$pageview", __session_id=session(4))
    world.event("$autocapture", at=1, __session_id=session(4))
    world.event("$autocapture", __session_id=session(5))

    rows = world.ask("SELECT $is_bounce FROM sessions ORDER BY session_id")

    assert rows == [[True], [True], [False], [False], [None]]


def test_events_and_sessions_are_joined_both_ways(world: World) -> None:
    world.event("$pageview", __session_id=session(1))
    world.event("buy", at=20, __session_id=session(1))
    world.event("alone", at=30)

    virtual = "SELECT event, session.duration, events.session.id FROM events ORDER BY timestamp"
    assert world.ask(virtual) == [
        ["$pageview", 20, session(1)],
        ["buy", 20, session(1)],
        ["alone", None, None],
    ]
    joined = (
        "SELECT e.event, s.$pageview_count FROM events e JOIN sessions s "
        "ON e.$session_id = s.session_id ORDER BY e.timestamp"
    )
    assert world.ask(joined) == [["$pageview", 1], ["buy", 1]]


def test_a_bound_on_the_start_of_sessions_bounds_what_is_read(world: World) -> None:
    world.event("$pageview", at=-600, __session_id=session(1))
    world.event("$pageview", at=600, __session_id=session(1))
    world.event("$pageview", at=1200, __session_id=session(2))
    sql = "SELECT session_id, duration FROM sessions WHERE $start_timestamp {} ORDER BY 1"

    after = ">= '2026-03-02 10:00:00' AND $start_timestamp < '2026-03-02 11:00:00'"
    assert world.ask(sql.format(after)) == [[session(2), 0]]
    assert world.ask(sql.format("< toDateTime('2026-03-02 10:00:00')")) == [[session(1), 1200]]
    between = "BETWEEN toDate('2026-03-01') AND toDate('2026-03-03')"
    assert world.ask(sql.format(between)) == [[session(1), 1200], [session(2), 0]]
    printed = prepare(sql.format(between), project_id=1).sql
    assert "timestamp >= toDateTime64(" in printed
    assert "timestamp <= toDateTime64(" in printed


@pytest.mark.parametrize(
    "where",
    [
        "$start_timestamp >= '2026-03-01' OR duration > 5",
        "NOT ($start_timestamp >= '2026-03-01')",
        "$start_timestamp >= $end_timestamp",
        "$start_timestamp >= (SELECT max(timestamp) FROM events)",
        "$start_timestamp >= 'yesterday'",
    ],
)
def test_what_is_no_plain_bound_bounds_nothing(where: str) -> None:
    printed = prepare(f"SELECT session_id FROM sessions WHERE {where}", project_id=1).sql

    assert "toIntervalDay" not in printed


def test_values_are_literals_wherever_they_stand(world: World) -> None:
    hostile = "x' OR 1=1 --\\"
    world.event("one", by=1, n=5, text=hostile)
    world.event("two", by=2, n=7, text="{name}")

    def names(where: str, **values: Any) -> list[Any]:
        sql = f"SELECT event FROM events WHERE {where} ORDER BY event"
        return [row[0] for row in world.ask(sql, **values)]

    assert names("properties.text = {t}", t=hostile) == ["one"]
    assert names("properties.text = '{name}'") == ["two"]
    assert names("properties.n > {n}", n=5.5) == ["two"]
    assert names("properties.n > {n}", n=-1) == ["one", "two"]
    assert names("event IN {names}", names=["one", "three"]) == ["one"]
    assert names("event IN ({names})", names=["one", "two"]) == ["one", "two"]
    assert names("event NOT IN {names}", names=["one"]) == ["two"]
    assert names("event IN {names}", names=[]) == []
    assert names("event NOT IN {names}", names=[]) == ["one", "two"]
    assert names("has({names}, event)", names=["two"]) == ["two"]
    assert names("{flag} AND {nothing} IS NULL", flag=True, nothing=None) == ["one", "two"]
    assert world.ask("SELECT event FROM events ORDER BY event LIMIT {n}", n=1) == [["one"]]


def test_filters_bound_the_time_of_events(world: World) -> None:
    world.event("in", at=0)
    world.event("out", at=90)

    def names(where: str, start: int | None, end: int | None) -> list[Any]:
        options = QueryOptions(date_range_us=(start, end))
        sql = f"SELECT event FROM events WHERE {where} ORDER BY timestamp"
        return [
            row[0]
            for row in world.runner.run(
                prepare(sql, project_id=world.project_id, options=options)
            ).rows
        ]

    minute = START_US + 60 * SECOND_US
    assert names("{filters}", None, None) == ["in", "out"]
    assert names("{filters}", START_US, minute) == ["in"]
    assert names("{filters}", minute, None) == ["out"]
    assert names("timestamp < {filters.dateRange.to}", None, minute) == ["in"]


@pytest.mark.parametrize(
    ("sql", "text"),
    [
        ("SELECT evnt FROM events", "did you mean `event`?"),
        ("SELECT e.distnct_id FROM events e", "did you mean `distinct_id`?"),
        ("SELECT person.nme FROM events", "There are person.id"),
        ("SELECT session.$start_timestmp FROM events", "did you mean `$start_timestamp`?"),
        ("SELECT group_7.key FROM events", "There is no column `group_7.key`"),
        ("SELECT countDistnct(event) FROM events", "did you mean `countDistinct`?"),
        ("SELECT * FROM person", "did you mean `persons`?"),
        ("SELECT properties.a FROM events e JOIN persons p ON 1 = 1", "write `e.properties.a`"),
        ("SELECT {nme}", "no value for the placeholder `{nme}`; did you mean `name`?"),
        ("SELECT {a b}", "is not the name of a placeholder"),
        ("SELECT event FROM {name}", "must stand where a value stands"),
        ("SELECT {bad}", "must be text, a finite number"),
        ("SELECT * EXCEPT(uuid) FROM (SELECT * FROM events)", "EXCEPT"),
    ],
)
def test_an_error_says_which_name_is_wrong_and_what_there_is_instead(
    world: World, sql: str, text: str
) -> None:
    with pytest.raises(QueryError) as refused:
        world.ask(sql, name="x", bad={"a": 1})

    assert text in refused.value.detail


def test_common_tables_unions_and_subqueries_see_the_same_columns(world: World) -> None:
    world.event("a", at=1, by=1, x={"y": "deep"})
    world.event("b", at=2, by=2)

    sql = (
        "WITH ours AS (SELECT event, properties, person_id FROM events) "
        "SELECT o.event, o.properties.x.y FROM ours o UNION ALL "
        "SELECT event, properties['x'] FROM (SELECT * EXCEPT(uuid) FROM events) ORDER BY 1, 2"
    )
    assert world.ask(sql) == [["a", "deep"], ["a", '{"y":"deep"}'], ["b", None], ["b", None]]
    twice = (
        "SELECT f.event, s.event FROM events f JOIN events s ON f.distinct_id != s.distinct_id "
        "WHERE f.timestamp < s.timestamp"
    )
    assert world.ask(twice) == [["a", "b"]]
    alias = "SELECT properties.x AS $x, count() FROM events GROUP BY $x ORDER BY 2, 1"
    assert len(world.ask(alias)) == 2


def test_a_limit_by_a_column_keeps_its_meaning(world: World) -> None:
    for at in range(3):
        world.event("a", at=at)
        world.event("b", at=at)

    rows = world.ask("SELECT event FROM events ORDER BY event LIMIT 2 BY event")

    assert rows == [["a"], ["a"], ["b"], ["b"]]


def test_explain_shows_the_plan_and_no_rows(world: World) -> None:
    rows = world.ask("EXPLAIN SELECT event FROM events")

    assert any("ReadFromMergeTree" in row[0] for row in rows)
