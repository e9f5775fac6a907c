"""The store and the queries over it, on the real engine."""

import itertools
import uuid
from typing import Any

import pytest

from hedgerow.core import json
from hedgerow.core.errors import QueryError
from hedgerow.query.runner import QueryLimits, QueryRunner
from hedgerow.query.sql import prepare
from hedgerow.store.arrow import (
    TIMESTAMP_US_MAX,
    TIMESTAMP_US_MIN,
    by_partition,
    stored_time_us,
)
from hedgerow.store.client import check_durable
from hedgerow.store.event_store import ChdbEventStore
from hedgerow.store.rows import EventIdentity, EventRow, hot_values

NOW_US = 1_780_000_000_000_000
DAY_US = 86_400_000_000
_project_ids = itertools.count(800_001)
_positions = itertools.count(10**12)


@pytest.fixture
def project_id() -> int:
    """A project that no other test uses."""
    return next(_project_ids)


def row(project_id: int, **changed: Any) -> EventRow:
    properties: dict[str, Any] = changed.pop("properties", {})
    values: dict[str, Any] = {
        "uuid": str(uuid.uuid4()),
        "project_id": project_id,
        "event": "e",
        "distinct_id": "u",
        "person_id": b"p" * 16,
        "timestamp_us": NOW_US,
        "received_at_us": NOW_US,
        "properties": json.encode(properties),
        "person_properties": b'{"plan":"pro"}',
        "person_created_at_us": NOW_US,
        "person_mode": "full",
        "elements_chain": "",
        "historical_migration": False,
        "log_position": next(_positions),
        "log_index": 0,
        "hot": hot_values(properties),
    }
    return EventRow(**(values | changed))


def ask(runner: QueryRunner, project_id: int, sql: str) -> list[list[Any]]:
    return runner.run(prepare(sql, project_id=project_id)).rows


def test_the_settings_that_make_inserts_durable_are_in_force(event_store: ChdbEventStore) -> None:
    check_durable(event_store._client)


def test_the_rows_of_each_month_are_one_insert() -> None:
    rows = [row(1, timestamp_us=NOW_US + day * DAY_US) for day in range(70)]

    parts = by_partition(rows)

    assert sum(map(len, parts)) == 70
    assert len(parts) == 4


def test_what_is_stored_from_a_position_on_is_known_after_a_restart(
    event_store: ChdbEventStore, project_id: int
) -> None:
    first, second = row(project_id), row(project_id, log_index=3)
    event_store.insert_events([first, second])

    stored = event_store.stored_since(second.log_position)

    assert (second.log_position, 3) in stored
    assert (first.log_position, 0) not in stored


@pytest.mark.parametrize(
    "timestamp_us", [NOW_US, 0, -DAY_US // 2, TIMESTAMP_US_MIN, TIMESTAMP_US_MAX, -(10**17)]
)
def test_what_was_stored_long_ago_is_found_by_all_that_makes_it_the_same(
    event_store: ChdbEventStore, project_id: int, timestamp_us: int
) -> None:
    one = row(project_id, timestamp_us=timestamp_us, event="it's", distinct_id="a\\'é")
    event_store.insert_events([one])
    day = stored_time_us(timestamp_us) // DAY_US
    same = EventIdentity(project_id, day, one.event, one.distinct_id, one.uuid)
    others = [
        same._replace(project_id=next(_project_ids)),
        same._replace(day=day + 1),
        same._replace(event="its"),
        same._replace(distinct_id="a"),
        same._replace(uuid=str(uuid.uuid4())),
    ]

    def stored(received_before_us: int = NOW_US + 1, below: int = 1) -> set[EventIdentity]:
        position = one.log_position + below
        return event_store.stored_before([same, *others], received_before_us, position)

    assert stored() == {same}
    assert stored(received_before_us=NOW_US) == set()
    assert stored(below=0) == set()


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("text", "text"),
        ('q"\\é', 'q"\\é'),
        (5, "5"),
        (1.5, "1.5"),
        (True, "true"),
        (None, None),
        ([1, "a"], '[1,"a"]'),
        ({"a": 1}, '{"a":1}'),
    ],
)
def test_a_hot_property_reads_as_any_other(
    event_store: ChdbEventStore,
    query_runner: QueryRunner,
    project_id: int,
    value: object,
    shown: str | None,
) -> None:
    event_store.insert_events([row(project_id, properties={"$browser": value, "other": value})])

    rows = ask(query_runner, project_id, "SELECT properties.$browser, properties.other FROM events")

    assert rows == [[shown, shown]]


@pytest.mark.parametrize(
    "name", ["a b", "it's", "back\\slash", 'qu"ote', "`tick`", "$x", "é", "a.b"]
)
def test_a_property_of_any_name_can_be_read_in_brackets(
    event_store: ChdbEventStore, query_runner: QueryRunner, project_id: int, name: str
) -> None:
    event_store.insert_events([row(project_id, properties={name: "found"})])
    literal = name.replace("\\", "\\\\").replace("'", "\\'")

    rows = ask(query_runner, project_id, f"SELECT properties['{literal}'] FROM events")

    assert rows == [["found"]]


def test_properties_count_as_numbers_where_a_number_is_asked_for(
    event_store: ChdbEventStore, query_runner: QueryRunner, project_id: int
) -> None:
    amounts = [9, 10, "11", "none", None]
    event_store.insert_events([row(project_id, properties={"n": amount}) for amount in amounts])

    assert ask(query_runner, project_id, "SELECT sum(properties.n) FROM events") == [[30.0]]
    sql = "SELECT count() FROM events WHERE properties.n > 9"
    assert ask(query_runner, project_id, sql) == [[2]]
    sql = "SELECT count() FROM events e WHERE e.properties.n = '10' AND e.person.properties.plan = 'pro'"
    assert ask(query_runner, project_id, sql) == [[1]]


def test_columns_are_named_as_the_user_wrote_them(
    query_runner: QueryRunner, project_id: int
) -> None:
    sql = "SELECT properties.$browser, person.properties.plan AS plan, count() FROM events GROUP BY 1, 2"

    result = query_runner.run(prepare(sql, project_id=project_id))

    assert result.columns == ["properties.$browser", "plan", "count()"]


def test_a_star_gives_the_documented_columns_and_nothing_of_ours(
    query_runner: QueryRunner, project_id: int
) -> None:
    result = query_runner.run(prepare("SELECT * FROM events", project_id=project_id))

    assert result.columns[0] == "uuid"
    assert not {"project_id", "log_position", "__hot_browser"} & set(result.columns)


def test_rows_beyond_the_limit_are_told(
    event_store: ChdbEventStore, query_runner: QueryRunner, project_id: int
) -> None:
    event_store.insert_events([row(project_id) for _ in range(3)])

    prepared = prepare("SELECT event FROM events LIMIT 2", project_id=project_id)
    result = query_runner.run(prepared)

    assert len(result.rows) == 2
    assert result.has_more


@pytest.mark.parametrize(
    ("sql", "text"),
    [
        ("SELECT colour FROM events", "no column `colour`"),
        ("SELECT project_id FROM events", "no column `project_id`"),
        ("SELECT event, count() FROM events", "GROUP BY"),
        ("SELECT event FROM evnts", "no table `evnts`; did you mean `events`?"),
        ("SELECT evil(event) FROM events", "no function `evil`"),
        ("SELECT FROM WHERE", "could not be parsed"),
        ("SELECT toDate(event, event, event) FROM events", "types"),
    ],
)
def test_an_error_says_what_is_wrong_and_shows_nothing_of_the_engine(
    query_runner: QueryRunner, project_id: int, sql: str, text: str
) -> None:
    with pytest.raises(QueryError) as refused:
        ask(query_runner, project_id, sql)

    assert text in refused.value.detail
    assert "DB::" not in refused.value.detail
    assert "Stack" not in refused.value.detail


def test_a_query_over_its_time_or_memory_says_so(event_store: ChdbEventStore) -> None:
    project = next(_project_ids)
    event_store.insert_events([row(project) for _ in range(2000)])
    runner = QueryRunner(
        lambda: _client_like(event_store), QueryLimits(seconds_max=1, bytes_max=50_000_000)
    )
    sql = (
        "SELECT groupArray(concat(toString(a.uuid), toString(b.uuid), toString(c.uuid))) "
        "FROM events a JOIN events b ON a.event = b.event "
        "JOIN events c ON b.event = c.event"
    )

    with pytest.raises(QueryError, match=r"longer than 1 s|MiB of memory"):
        ask(runner, project, sql)


def _client_like(event_store: ChdbEventStore) -> Any:
    from hedgerow.store.client import connect

    return connect(event_store._folder)


def test_no_query_sees_another_project(
    event_store: ChdbEventStore, query_runner: QueryRunner
) -> None:
    mine, other = next(_project_ids), next(_project_ids)
    event_store.insert_events([row(mine, event="mine"), row(other, event="other's secret")])
    questions = [
        "SELECT event FROM events",
        "SELECT e.event FROM events e JOIN events f ON 1 = 1",
        "SELECT event FROM (SELECT * FROM events)",
        "WITH a AS (SELECT event FROM events) SELECT event FROM a",
        "SELECT event FROM events UNION ALL SELECT event FROM events",
        "SELECT event FROM events WHERE event IN (SELECT event FROM events)",
        "SELECT groupArray(event) FROM events",
        "SELECT (SELECT max(event) FROM events)",
        "SELECT arrayJoin(groupArray(event)) FROM events",
        "SELECT event FROM events e LEFT JOIN persons p ON e.person_id = p.id",
    ]

    for question in questions:
        found = json.encode(ask(query_runner, mine, question))
        assert b"mine" in found, question
        assert b"secret" not in found, question
