"""The questions of `insights.py`, each with the same question in SQL as a person would write it.

The SQL is for this table and these events, with no more generality than they need.
"""

from dataclasses import dataclass
from typing import Any, Final

from bench.insight_events import DAY_US, DAYS, START_US

from hedgerow.query.insights.context import InsightContext
from hedgerow.query.person_resolution import overrides_subquery

PROJECT: Final = 1
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
    """`promoted` asks after the property has got a column of its own, named {plan} by hand."""

    name: str
    query: dict[str, Any]
    by_hand: str
    promoted: bool = False


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
        "daily users by plan (promoted)",
        trends("dau", "plan"),
        f"SELECT {{plan}} AS plan, toDate(timestamp) AS d, {_USERS} {_PEOPLE} GROUP BY plan, d",
        promoted=True,
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
_RETAINED: Final = (
    f"{_JOINED}AND event = '$pageview' AND timestamp >= toDateTime64('2026-03-01', 6, 'UTC') "
    "AND timestamp < toDateTime64('2026-04-05', 6, 'UTC') "
)


def retention(kind: str) -> dict[str, Any]:
    views = {"id": "$pageview", "type": "events"}
    return {
        "kind": "RetentionQuery",
        "dateRange": RANGE,
        "retentionFilter": {
            "retentionType": kind,
            "period": "Week",
            "totalIntervals": 5,
            "targetEntity": views,
            "returningEntity": views,
        },
    }


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
        retention("retention_recurring"),
        "SELECT start, later - start, count() FROM (SELECT arrayJoin(weeks) AS start, "
        "arrayJoin(arrayFilter(week -> week >= start, weeks)) AS later FROM ("
        f"SELECT groupUniqArray(toStartOfWeek(timestamp)) AS weeks {_RETAINED}"
        f"GROUP BY {_PERSON})) GROUP BY start, later - start",
    ),
    Question(
        "weekly retention, first time",
        retention("retention_first_time"),
        "SELECT start, later - start, count() FROM (SELECT toStartOfWeek(first) AS start, "
        "arrayJoin(weeks) AS later FROM (SELECT min(timestamp) AS first, "
        f"groupUniqArray(toStartOfWeek(timestamp)) AS weeks {_RETAINED}"
        f"GROUP BY {_PERSON})) GROUP BY start, later - start",
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
