"""How long insights take, each beside the same question in SQL written by hand.

    python bench/insights.py --events 1000000

Events come from `insight_events.py`; the answers are checked against what is known by
construction. Prints the median and the slowest of ten warm runs, processor time, and the
ratio of the processor times.
"""

import argparse
import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bench.insight_events import DAY_US, DAYS, START_US, EventWorld, KnownAnswers

from hedgerow.query.insight_runner import plan_insight, run_plan
from hedgerow.query.insights.context import InsightContext
from hedgerow.query.person_resolution import overrides_subquery
from hedgerow.query.runner import QueryLimits, QueryRunner
from hedgerow.query.sql import PreparedQuery
from hedgerow.store.client import connect
from hedgerow.store.event_store import ChdbEventStore
from hedgerow.store.side_rows import SideRows

PROJECT: Final = 1
RUNS: Final = 10
BATCH: Final = 100_000
RANGE: Final = {"date_from": "2026-03-01", "date_to": "2026-03-30"}
CONTEXT: Final = InsightContext(project_id=PROJECT, now_us=START_US + DAYS * DAY_US)
_VIEWS: Final = (
    f"FROM events AS e WHERE project_id = {PROJECT} AND event = '$pageview' "
    "AND timestamp >= toDateTime64('2026-03-01', 6, 'UTC') "
    "AND timestamp < toDateTime64('2026-03-31', 6, 'UTC')"
)
_PEOPLE: Final = (
    f"FROM events AS e LEFT ANY JOIN ({overrides_subquery(PROJECT)}) AS o "
    f"ON e.person_id = o.old_person_id WHERE project_id = {PROJECT} AND event = '$pageview' "
    "AND timestamp >= toDateTime64('2026-03-01', 6, 'UTC') "
    "AND timestamp < toDateTime64('2026-03-31', 6, 'UTC')"
)
_USERS: Final = (
    "uniqExact(if(o.new_person_id = toUUID('00000000-0000-0000-0000-000000000000'), "
    "e.person_id, o.new_person_id))"
)


def trends(math: str, breakdown: str | None = None) -> dict[str, Any]:
    series = [{"kind": "EventsNode", "event": "$pageview", "math": math}]
    query = {"kind": "TrendsQuery", "series": series, "dateRange": RANGE}
    return query | ({"breakdownFilter": {"breakdown": breakdown}} if breakdown else {})


@dataclass(frozen=True, slots=True)
class Question:
    name: str
    query: dict[str, Any]
    by_hand: str


QUESTIONS: Final = (
    Question(
        "daily count",
        trends("total"),
        f"SELECT toDate(timestamp) AS d, count() {_VIEWS} GROUP BY d",
    ),
    Question(
        "daily users",
        trends("dau"),
        f"SELECT toDate(timestamp) AS d, {_USERS} {_PEOPLE} GROUP BY d",
    ),
    Question(
        "daily users by $browser (column)",
        trends("dau", "$browser"),
        f"SELECT browser, toDate(timestamp) AS d, {_USERS} {_PEOPLE} GROUP BY browser, d",
    ),
    Question(
        "daily users by plan (JSON)",
        trends("dau", "plan"),
        "SELECT JSONExtract(properties, 'plan', 'Nullable(String)') AS plan, "
        f"toDate(timestamp) AS d, {_USERS} {_PEOPLE} GROUP BY plan, d",
    ),
    Question(
        "stickiness",
        {
            "kind": "StickinessQuery",
            "series": [{"kind": "EventsNode", "event": "$pageview"}],
            "dateRange": RANGE,
        },
        "SELECT n, count() FROM (SELECT if(o.new_person_id = "
        "toUUID('00000000-0000-0000-0000-000000000000'), e.person_id, o.new_person_id) AS p, "
        f"uniqExact(toDate(timestamp)) AS n {_PEOPLE} GROUP BY p) GROUP BY n",
    ),
)


_WEEK: Final = {"date_from": "2026-03-16", "date_to": "2026-03-22"}
_PERSON: Final = (
    "if(o.new_person_id = toUUID('00000000-0000-0000-0000-000000000000'), "
    "e.person_id, o.new_person_id)"
)
_JOINED: Final = (
    f"FROM events AS e LEFT ANY JOIN ({overrides_subquery(PROJECT)}) AS o "
    f"ON e.person_id = o.old_person_id WHERE project_id = {PROJECT} "
)
_VIEW: Final = {"kind": "EventsNode", "event": "$pageview"}
_VISITS: Final = (
    "SELECT uniqExactArray(people), sum(views), count(), avg(seconds), avg(bounce) FROM ("
    "SELECT min(timestamp) AS start, dateDiff('second', start, max(timestamp)) AS seconds, "
    "countIf(event IN ('$pageview', '$screen')) AS views, "
    "NOT (views > 1 OR countIf(event = '$autocapture') > 0 OR seconds >= 10) AS bounce, "
    f"groupUniqArrayIf({_PERSON}, event IN ('$pageview', '$screen')) AS people {_JOINED}"
    "AND timestamp >= toDateTime64('2026-03-06', 6, 'UTC') "
    "AND timestamp < toDateTime64('2026-03-26', 6, 'UTC') "
    "AND session_uuid != toUUID('00000000-0000-0000-0000-000000000000') GROUP BY session_uuid "
    "HAVING views > 0 AND start >= toDateTime64('2026-03-09', 6, 'UTC') "
    "AND start < toDateTime64('2026-03-23', 6, 'UTC')) "
    "GROUP BY start >= toDateTime64('2026-03-16', 6, 'UTC')"
)
# Beside them: what a person would write for this table, with no more generality than it needs.
LARGER_QUESTIONS: Final = (
    Question(
        "funnel of three steps",
        {
            "kind": "FunnelsQuery",
            "series": [
                _VIEW,
                {"kind": "EventsNode", "event": "$autocapture"},
                {"kind": "EventsNode", "event": "add to cart"},
            ],
            "dateRange": RANGE,
        },
        "SELECT level, count() FROM (SELECT windowFunnel(1209600000000)("
        "toUInt64(toUnixTimestamp64Micro(timestamp)), event = '$pageview', "
        f"event = '$autocapture', event = 'add to cart') AS level {_JOINED}"
        "AND event IN ('$pageview', '$autocapture', 'add to cart') "
        "AND timestamp >= toDateTime64('2026-03-01', 6, 'UTC') "
        "AND timestamp < toDateTime64('2026-03-31', 6, 'UTC') "
        f"GROUP BY {_PERSON}) GROUP BY level",
    ),
    Question(
        "weekly retention",
        {
            "kind": "RetentionQuery",
            "dateRange": RANGE,
            "retentionFilter": {
                "period": "Week",
                "totalIntervals": 5,
                "targetEntity": {"id": "$pageview", "type": "events"},
                "returningEntity": {"id": "$pageview", "type": "events"},
            },
        },
        "SELECT start, later - start, count() FROM (SELECT arrayJoin(weeks) AS start, "
        "arrayJoin(arrayFilter(week -> week >= start, weeks)) AS later FROM ("
        f"SELECT groupUniqArray(toStartOfWeek(timestamp)) AS weeks {_JOINED}"
        "AND event = '$pageview' AND timestamp >= toDateTime64('2026-03-01', 6, 'UTC') "
        f"AND timestamp < toDateTime64('2026-04-05', 6, 'UTC') GROUP BY {_PERSON})) "
        "GROUP BY start, later - start",
    ),
    Question(
        "paths of one week",
        {
            "kind": "PathsQuery",
            "dateRange": _WEEK,
            "pathsFilter": {"includeEventTypes": ["$pageview"], "stepLimit": 5},
        },
        "SELECT step, source, target, count() AS n FROM (SELECT arrayJoin(arrayZip("
        "arrayEnumerate(arrayPopBack(w)), arrayPopBack(w), arrayPopFront(w))) AS edge, "
        "edge.1 AS step, edge.2 AS source, edge.3 AS target FROM (SELECT arraySlice("
        "arrayCompact(arrayMap(x -> x.2, arrayJoin(arraySplit((x, gap) -> gap >= 1800000000, s, "
        "arrayDifference(arrayMap(x -> x.1, s)))))), 1, 5) AS w FROM (SELECT arraySort(groupArray("
        f"(toUnixTimestamp64Micro(timestamp), assumeNotNull(current_url)))) AS s {_JOINED}"
        "AND event = '$pageview' AND timestamp >= toDateTime64('2026-03-16', 6, 'UTC') "
        f"AND timestamp < toDateTime64('2026-03-23', 6, 'UTC') GROUP BY {_PERSON})) "
        "WHERE length(w) > 1) GROUP BY step, source, target ORDER BY n DESC LIMIT 50",
    ),
    Question(
        "web overview, and the week before",
        {
            "kind": "WebOverviewQuery",
            "dateRange": _WEEK,
            "compareFilter": {"compare": True},
            "properties": [],
        },
        _VISITS,
    ),
    Question(
        "pages of one week",
        {"kind": "WebStatsTableQuery", "breakdownBy": "Page", "dateRange": _WEEK},
        "SELECT page.1 AS path, uniqExact(page.2) AS people, count() AS n FROM (SELECT "
        "min(timestamp) AS start, groupArrayIf((pathname, "
        f"{_PERSON}), event IN ('$pageview', '$screen')) AS pages {_JOINED}"
        "AND timestamp >= toDateTime64('2026-03-13', 6, 'UTC') "
        "AND timestamp < toDateTime64('2026-03-26', 6, 'UTC') "
        "AND session_uuid != toUUID('00000000-0000-0000-0000-000000000000') GROUP BY session_uuid "
        "HAVING start >= toDateTime64('2026-03-16', 6, 'UTC') "
        "AND start < toDateTime64('2026-03-23', 6, 'UTC')) ARRAY JOIN pages AS page "
        "GROUP BY path ORDER BY people DESC, n DESC LIMIT 101",
    ),
)


@dataclass(slots=True)
class Cost:
    clock_ms: list[float]
    processor_ms: float


def measured(run: Callable[[], object]) -> Cost:
    """Warm runs; the first is not counted."""
    run()
    clocks = []
    before = _processor_seconds()
    for _ in range(RUNS):
        started = time.perf_counter()
        run()
        clocks.append((time.perf_counter() - started) * 1000)
    return Cost(clocks, (_processor_seconds() - before) * 1000 / RUNS)


def _processor_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def load(store: ChdbEventStore, world: EventWorld) -> None:
    for batch in world.batches(BATCH):
        store.insert_events(batch)
    store.insert_side_rows(SideRows(overrides=world.overrides))


def check(runner: QueryRunner, answers: KnownAnswers) -> None:
    """Raises AssertionError where an answer is not the one known by construction."""

    def results(query: dict[str, Any]) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = run_plan(runner, plan_insight(query, CONTEXT)).results
        return found

    (total,) = results(trends("total"))
    assert total["data"] == [answers.by_day[day] for day in range(DAYS)]
    for breakdown, known in (
        ("$browser", answers.users_by_day_and_browser),
        ("plan", answers.users_by_day_and_plan),
    ):
        for item in results(trends("dau", breakdown)):
            value = item["breakdown_value"]
            assert item["data"] == [len(known[day, value]) for day in range(DAYS)], value


def report(runner: QueryRunner) -> None:
    row = "{:<34}{:>10}{:>10}{:>10}{:>10}{:>11}"
    print(row.format("question", "median", "slowest", "cpu", "by hand", "cpu ratio"))
    for question in (*QUESTIONS, *LARGER_QUESTIONS):
        plan = plan_insight(question.query, CONTEXT)
        ours = measured(lambda plan=plan: run_plan(runner, plan))  # type: ignore[misc]
        prepared = PreparedQuery(question.by_hand, runner.limits.rows_max, 0, None)
        by_hand = measured(lambda prepared=prepared: runner.run(prepared))  # type: ignore[misc]
        median, hand = statistics.median(ours.clock_ms), statistics.median(by_hand.clock_ms)
        print(
            row.format(
                question.name,
                f"{median:.0f} ms",
                f"{max(ours.clock_ms):.0f} ms",
                f"{ours.processor_ms:.0f} ms",
                f"{hand:.0f} ms",
                f"{ours.processor_ms / by_hand.processor_ms:.2f}",
            )
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "store"
        store = ChdbEventStore(folder)
        world = EventWorld(arguments.seed, arguments.events, PROJECT)
        load(store, world)
        runner = QueryRunner(lambda: connect(folder), QueryLimits(seconds_max=120))
        check(runner, world.answers)
        print(f"{arguments.events} events, {len(world.overrides)} merges; answers as known")
        report(runner)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(f"peak memory {peak} MiB, generator included")
        runner.close()
        store.close()


if __name__ == "__main__":
    main()
