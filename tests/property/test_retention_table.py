"""The retention table is what counting by hand gives (read-api §4.4)."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

DAY = 24 * 60
ROWS = 4
Event = tuple[Any, ...]  # actor, minute, name, and perhaps properties

EVENTS = st.lists(
    st.tuples(
        st.sampled_from(["u1", "u2", "u3"]),
        st.integers(-2 * DAY, 9 * DAY),
        st.sampled_from(["start", "back", "other"]),
    ),
    max_size=25,
)


def table(engine: Any, events: Sequence[Event], **retention_filter: Any) -> list[list[int]]:
    query = {
        "kind": "RetentionQuery",
        "dateRange": {"date_from": "2026-03-02"},
        "retentionFilter": {
            "period": "Day",
            "totalIntervals": ROWS,
            "targetEntity": {"id": "start", "type": "events"},
            "returningEntity": {"id": "back", "type": "events"},
            "retentionType": "retention_recurring",
            **retention_filter,
        },
    }
    return [[value["count"] for value in row["values"]] for row in engine.answer(events, query)]


def by_hand(
    events: Sequence[Event],
    *,
    is_first: bool = False,
    is_cumulative: bool = False,
    occurrences_min: int = 1,
    by_window: bool = False,
) -> list[list[int]]:
    starts: defaultdict[str, list[int]] = defaultdict(list)
    returns: defaultdict[str, list[int]] = defaultdict(list)
    for actor, minute, name in events:
        if name == "start":
            starts[actor].append(minute)
        if name == "back" and minute >= 0:
            returns[actor].append(minute)
    counts: Counter[tuple[int, int]] = Counter()
    for actor, minutes in starts.items():
        chosen = [min(minutes)] if is_first else sorted(minutes)
        first_of_day = {minute // DAY: minute for minute in reversed(chosen)}
        for row, start in first_of_day.items():
            if not 0 <= row < ROWS:
                continue
            distances = Counter(
                (minute - start) // DAY if by_window else minute // DAY - row
                for minute in returns[actor]
            )
            columns = {
                distance
                for distance, number in distances.items()
                if 1 <= distance < ROWS and number >= occurrences_min
            }
            if is_cumulative:
                columns = set(range(1, max(columns, default=0) + 1))
            for column in columns | {0}:
                counts[row, column] += 1
    return [[counts[row, column] for column in range(ROWS)] for row in range(ROWS)]


@settings(max_examples=40, deadline=None)
@given(events=EVENTS)
def test_a_recurring_actor_belongs_to_each_interval_with_a_start(
    engine: Any, events: list[Event]
) -> None:
    assert table(engine, events) == by_hand(events)


@settings(max_examples=40, deadline=None)
@given(events=EVENTS)
def test_a_first_time_counts_once_and_only_if_it_is_in_the_range(
    engine: Any, events: list[Event]
) -> None:
    found = table(engine, events, retentionType="retention_first_time")
    assert found == by_hand(events, is_first=True)


@settings(max_examples=25, deadline=None)
@given(events=EVENTS)
def test_a_cumulative_table_counts_up_to_the_last_return(engine: Any, events: list[Event]) -> None:
    assert table(engine, events, cumulative=True) == by_hand(events, is_cumulative=True)


@settings(max_examples=25, deadline=None)
@given(events=EVENTS)
def test_a_return_may_take_several_events_in_one_interval(engine: Any, events: list[Event]) -> None:
    found = table(engine, events, minimumOccurrences=2)
    assert found == by_hand(events, occurrences_min=2)


@settings(max_examples=25, deadline=None)
@given(events=EVENTS)
def test_windows_of_24_hours_begin_with_the_actors_own_start(
    engine: Any, events: list[Event]
) -> None:
    found = table(engine, events, timeWindowMode="24_hour_windows")
    assert found == by_hand(events, by_window=True)


def test_a_first_ever_event_must_match_the_filters_itself(engine: Any) -> None:
    target = {
        "id": "start",
        "type": "events",
        "properties": [{"key": "plan", "value": "pro", "type": "event"}],
    }
    events = [
        ("u1", 10, "start", {"plan": "free"}),
        ("u1", DAY + 10, "start", {"plan": "pro"}),
        ("u2", 20, "start", {"plan": "pro"}),
    ]
    wanted = {"targetEntity": target}

    first_ever = table(engine, events, **wanted, retentionType="retention_first_ever_occurrence")
    first_matching = table(engine, events, **wanted, retentionType="retention_first_time")

    assert [row[0] for row in first_ever] == [1, 0, 0, 0]
    assert [row[0] for row in first_matching] == [1, 1, 0, 0]


def test_brackets_are_widths_of_intervals(engine: Any) -> None:
    events = [("u1", 0, "start"), ("u1", 1 * DAY, "back"), ("u1", 4 * DAY, "back")]
    events += [("u2", 0, "start"), ("u2", 2 * DAY, "back"), ("u2", 5 * DAY, "back")]

    found = table(engine, events, retentionCustomBrackets=[1, 3])

    assert found[0] == [2, 1, 2]


def test_each_value_of_a_breakdown_has_its_own_table(engine: Any) -> None:
    query = {
        "kind": "RetentionQuery",
        "dateRange": {"date_from": "2026-03-02"},
        "retentionFilter": {
            "totalIntervals": 2,
            "targetEntity": {"id": "start", "type": "events"},
            "returningEntity": {"id": "start", "type": "events"},
        },
        "breakdownFilter": {"breakdown": "plan", "breakdown_type": "event"},
    }
    events = [
        ("u1", 0, "start", {"plan": "pro"}),
        ("u1", DAY, "start", {"plan": "free"}),
        ("u2", 0, "start", {"plan": "pro"}),
        ("u3", 0, "start", {"plan": "free"}),
    ]

    found = engine.answer(events, query)

    assert [
        (row["breakdown_value"], [value["count"] for value in row["values"]]) for row in found
    ] == [("pro", [2, 1]), ("pro", [0, 0]), ("free", [1, 0]), ("free", [0, 0])]


@pytest.mark.parametrize(
    ("period", "dates"),
    [
        ("Hour", ["2026-03-02 00:00:00", "2026-03-02 01:00:00"]),
        ("Week", ["2026-03-01", "2026-03-08"]),
        ("Month", ["2026-03-01", "2026-04-01"]),
    ],
)
def test_rows_begin_with_the_interval_of_the_date(
    engine: Any, period: str, dates: list[str]
) -> None:
    query = {
        "kind": "RetentionQuery",
        "dateRange": {"date_from": "2026-03-02"},
        "retentionFilter": {
            "period": period,
            "totalIntervals": 2,
            "targetEntity": {"id": "start", "type": "events"},
            "returningEntity": {"id": "start", "type": "events"},
            "retentionType": "retention_recurring",
        },
    }
    found = engine.answer([("u1", 5, "start"), ("u1", 65, "start")], query)
    assert [row["date"] for row in found] == dates
    assert found[0]["values"][0]["count"] == 1
    assert found[0]["values"][1]["count"] == (1 if period == "Hour" else 0)
