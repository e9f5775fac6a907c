"""The same question has one answer, whichever insight, list or SQL it is asked through.

Events come in any order and in several batches, some twice, with identifies between them.
"""

import itertools
import uuid
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hedgerow.store.client import connect
from hedgerow.store.event_store import ChdbEventStore
from hedgerow.testing.insight_vectors import InsightInstance, VectorEngine, insight_instance

_project_ids = itertools.count(930_001)
DAYS = ("2026-03-02", "2026-03-03", "2026-03-04")
RANGE = {"date_from": DAYS[0], "date_to": DAYS[-1]}
NAMES = ("ada", "bob", "anonymous-1", "anonymous-2")

VIEW = {"kind": "EventsNode", "event": "$pageview"}

_event = st.fixed_dictionaries(
    {
        "event": st.sampled_from(["$pageview", "$pageview", "buy"]),
        "distinct_id": st.sampled_from(NAMES),
        "timestamp": st.builds(
            "{}T{:02d}:00:00Z".format, st.sampled_from(DAYS), st.integers(0, 23)
        ),
        "properties": st.fixed_dictionaries(
            {}, optional={"plan": st.sampled_from(["free", "pro", ""]), "n": st.integers(-5, 5)}
        ),
    }
)
_identify = st.builds(
    lambda anonymous, user, day: {
        "event": "$identify",
        "distinct_id": user,
        "timestamp": f"{day}T12:30:00Z",
        "properties": {"$anon_distinct_id": anonymous},
    },
    st.sampled_from(NAMES[2:]),
    st.sampled_from(NAMES[:2]),
    st.sampled_from(DAYS),
)


def with_uuid(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A session for each distinct id and day."""
    return [
        item
        | {
            "uuid": str(uuid.uuid5(uuid.NAMESPACE_OID, f"{index}")),
            "properties": item["properties"] | {"$session_id": session_id(item)},
        }
        for index, item in enumerate(events)
    ]


def session_id(event: dict[str, Any]) -> str:
    day, who = DAYS.index(event["timestamp"][:10]), NAMES.index(event["distinct_id"])
    return f"019cadfd-8900-7{day:03}-8000-{who:012}"


def through_trends(world: InsightInstance, math: str) -> list[int]:
    series = [{"kind": "EventsNode", "event": "$pageview", "math": math}]
    (item,) = world.answer({"kind": "TrendsQuery", "series": series, "dateRange": RANGE})["results"]
    found: list[int] = item["data"]
    return found


def through_sql(world: InsightInstance, what: str) -> list[int]:
    sql = f"SELECT toDate(timestamp) AS day, {what} FROM events WHERE event = '$pageview' GROUP BY day"
    rows = dict(world.answer({"kind": "HogQLQuery", "query": sql})["results"])
    return [rows.get(day, 0) for day in DAYS]


def through_actors(world: InsightInstance) -> list[int]:
    source = {
        "kind": "TrendsQuery",
        "series": [{"kind": "EventsNode", "event": "$pageview", "math": "dau"}],
        "dateRange": RANGE,
    }
    return [
        len(
            world.answer(
                {
                    "kind": "ActorsQuery",
                    "select": ["id"],
                    "source": {"kind": "InsightActorsQuery", "source": source, "day": day},
                }
            )["results"]
        )
        for day in DAYS
    ]


def through_events(world: InsightInstance) -> list[int]:
    rows = dict(
        world.answer(
            {
                "kind": "EventsQuery",
                "select": ["toString(toDate(timestamp))", "count()"],
                "event": "$pageview",
            }
        )["results"]
    )
    return [rows.get(day, 0) for day in DAYS]


def through_stickiness(world: InsightInstance) -> int:
    query = {
        "kind": "StickinessQuery",
        "series": [{"kind": "EventsNode", "event": "$pageview"}],
        "dateRange": RANGE,
    }
    (item,) = world.answer(query)["results"]
    return int(sum(count * days for days, count in zip(item["days"], item["data"], strict=True)))


def over_all_days(world: InsightInstance) -> int:
    query = {
        "kind": "TrendsQuery",
        "series": [VIEW | {"math": "dau"}],
        "dateRange": RANGE,
        "trendsFilter": {"display": "BoldNumber"},
    }
    return int(world.answer(query)["results"][0]["aggregated_value"])


def through_funnel(world: InsightInstance) -> int:
    """Who did the first step."""
    series = [VIEW, {"kind": "EventsNode", "event": "buy"}]
    query = {"kind": "FunnelsQuery", "series": series, "dateRange": RANGE}
    return int(world.answer(query)["results"][0]["count"])


def through_retention(world: InsightInstance) -> list[int]:
    """Who started on each day, which is who was there."""
    entity = {"id": "$pageview", "type": "events"}
    query = {
        "kind": "RetentionQuery",
        "dateRange": RANGE,
        "retentionFilter": {
            "period": "Day",
            "totalIntervals": len(DAYS),
            "retentionType": "retention_recurring",
            "targetEntity": entity,
            "returningEntity": entity,
        },
    }
    return [int(row["values"][0]["count"]) for row in world.answer(query)["results"]]


def through_web_overview(world: InsightInstance) -> int:
    query = {"kind": "WebOverviewQuery", "dateRange": RANGE, "properties": []}
    found = {item["key"]: item["value"] for item in world.answer(query)["results"]}
    return int(found["visitors"])


def through_values(world: InsightInstance, limit: int) -> list[int]:
    """All values of a breakdown together, and those beyond the limit as one."""
    query = {
        "kind": "TrendsQuery",
        "series": [VIEW],
        "dateRange": RANGE,
        "breakdownFilter": {"breakdown": "plan", "breakdown_limit": limit},
    }
    lines = [item["data"] for item in world.answer(query)["results"]]
    return [sum(day) for day in zip(*lines, strict=True)] or [0] * len(DAYS)


def through_lifecycle(world: InsightInstance) -> list[int]:
    """Everybody who is not gone."""
    query = {"kind": "LifecycleQuery", "series": [VIEW], "dateRange": RANGE}
    lines = [item["data"] for item in world.answer(query)["results"] if item["status"] != "dormant"]
    return [sum(day) for day in zip(*lines, strict=True)]


PRO = [{"key": "plan", "value": ["pro"], "operator": "exact", "type": "event"}]


def filtered_through_trends(world: InsightInstance) -> int:
    query = {"kind": "TrendsQuery", "series": [VIEW], "dateRange": RANGE, "properties": PRO}
    return int(world.answer(query)["results"][0]["count"])


def filtered_through_sql(world: InsightInstance) -> int:
    query = {
        "kind": "HogQLQuery",
        "query": "SELECT count() FROM events WHERE event = '$pageview' AND {filters}",
        "filters": {"dateRange": RANGE, "properties": PRO},
    }
    return int(world.answer(query)["results"][0][0])


def visits(world: InsightInstance) -> tuple[int, int]:
    """Through the overview, and as a table of sessions."""
    overview = {"kind": "WebOverviewQuery", "dateRange": RANGE, "properties": []}
    found = {item["key"]: item["value"] for item in world.answer(overview)["results"]}
    table = {"kind": "SessionsQuery", "select": ["count()"], "where": ["$pageview_count > 0"]}
    return int(found["sessions"]), int(world.answer(table)["results"][0][0])


def cohort(world: InsightInstance, **behavior: Any) -> int:
    wanted = {"type": "behavioral", "event_type": "events", "key": "$pageview"} | behavior
    made = world._client.post(
        f"/api/projects/{world._project_id}/cohorts/",
        headers={"authorization": "Bearer phl_vector"},
        json={"name": "C", "filters": {"properties": {"type": "AND", "values": [wanted]}}},
    )
    number: int = made.json()["id"]
    return number


def members(world: InsightInstance, number: int) -> int:
    source = f"/api/projects/{world._project_id}/cohorts/{number}/"
    shown = world._client.get(source, headers={"authorization": "Bearer phl_vector"}).json()
    return int(shown["count"])


def funnel_steps(world: InsightInstance, cohorts: list[Any]) -> list[list[int]]:
    query = {
        "kind": "FunnelsQuery",
        "series": [VIEW, {"kind": "EventsNode", "event": "buy"}],
        "dateRange": RANGE,
        "breakdownFilter": {"breakdown": cohorts, "breakdown_type": "cohort"},
    }
    return [[step["count"] for step in steps] for steps in world.answer(query)["results"]]


@pytest.fixture(scope="module")
def engine(event_store: ChdbEventStore) -> VectorEngine:
    return VectorEngine(event_store, lambda: connect(event_store._folder))


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    events=st.lists(_event, min_size=1, max_size=12),
    identifies=st.lists(_identify, max_size=2),
    data=st.data(),
)
def test_every_way_to_ask_gives_the_same_number(
    engine: VectorEngine,
    events: list[dict[str, Any]],
    identifies: list[dict[str, Any]],
    data: st.DataObject,
) -> None:
    named = with_uuid([*events, *identifies])
    order = data.draw(st.permutations(named))
    again = data.draw(st.lists(st.sampled_from(named), max_size=3))

    with insight_instance(engine, next(_project_ids), {}) as world:
        for start in range(0, len(order), 5):
            world.ingest(order[start : start + 5])
        world.ingest(again)
        counts = through_trends(world, "total")
        people = through_trends(world, "dau")

        assert sum(counts) == sum(item["event"] == "$pageview" for item in events)
        assert through_sql(world, "count()") == counts
        assert through_events(world) == counts
        assert through_sql(world, "count(DISTINCT person_id)") == people
        assert through_actors(world) == people
        assert through_stickiness(world) == sum(people)
        assert through_retention(world) == people
        in_all = over_all_days(world)
        assert through_funnel(world) == in_all
        assert through_web_overview(world) == in_all
        assert through_values(world, 25) == through_values(world, 1) == counts
        assert through_lifecycle(world) == people
        assert filtered_through_sql(world) == filtered_through_trends(world)
        as_overview, as_table = visits(world)
        assert as_overview == as_table

        window = {"explicit_datetime": DAYS[0], "explicit_datetime_to": DAYS[-1]}
        viewers = cohort(world, value="performed_event", **window)
        buyers = cohort(
            world,
            value="performed_event_sequence",
            seq_event="buy",
            seq_event_type="events",
            seq_time_value=14,
            **window,
        )
        of_all, of_viewers, of_buyers = funnel_steps(world, ["all", viewers, buyers])
        assert members(world, viewers) == in_all
        assert of_viewers == of_all == [in_all, members(world, buyers)]
        assert of_buyers == [of_all[1], of_all[1]]
