"""Cohorts by what persons are, by what they did, and by list, on the real engine."""

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

_project_ids = itertools.count(970_001)
_HEADERS = {"authorization": "Bearer phl_vector"}


def event(day: int, who: str, name: Any = "view", **properties: Any) -> dict[str, Any]:
    return {
        "event": name,
        "distinct_id": who,
        "timestamp": f"2026-03-0{day}T10:00:00Z",
        "properties": properties,
    }


# Asked on the 8th at noon.
EVENTS = [
    event(1, "ada", "buy", amount=10, **{"$set": {"plan": "pro"}}),
    event(7, "ada", "buy", amount=20),
    event(7, "ada"),
    event(2, "bob", "buy", amount=5, **{"$set": {"plan": "free"}}),
    event(7, "bob"),
    # Carl bought before he signed in.
    event(6, "carl-anonymous", "buy", amount=7),
    event(7, "carl", "$identify", **{"$anon_distinct_id": "carl-anonymous"}),
    event(7, "carl"),
    event(7, "dora", **{"$set": {"plan": "pro"}}),
    # Without a profile there is no member.
    event(7, "nobody", "buy", **{"$process_person_profile": False}),
]
ALL = ["ada", "bob", "carl", "dora"]


@pytest.fixture(scope="module")
def world(event_store: ChdbEventStore) -> Iterator[InsightInstance]:
    engine = VectorEngine(event_store, lambda: connect(event_store._folder))
    with insight_instance(engine, next(_project_ids), {"events": EVENTS}) as instance:
        yield instance


def path(world: InsightInstance, rest: str) -> str:
    return f"/api/projects/{world._project_id}/{rest}"


def post(world: InsightInstance, rest: str, body: Any) -> Any:
    return world._client.post(path(world, rest), headers=_HEADERS, json=body)


def get(world: InsightInstance, rest: str) -> Any:
    answer = world._client.get(path(world, rest), headers=_HEADERS)
    assert answer.status_code == 200, answer.text
    return answer.json()


def made(world: InsightInstance, *filters: dict[str, Any], type_: str = "AND") -> int:
    body = {"name": "C", "filters": {"properties": {"type": type_, "values": list(filters)}}}
    number: int = post(world, "cohorts/", body).json()["id"]
    return number


def names(world: InsightInstance, cohort: int) -> list[str]:
    persons = get(world, f"persons/?cohort={cohort}")["results"]
    return sorted(next(x for x in person["distinct_ids"] if x in ALL) for person in persons)


def members(world: InsightInstance, *filters: dict[str, Any], type_: str = "AND") -> list[str]:
    return names(world, made(world, *filters, type_=type_))


def bought(**more: Any) -> dict[str, Any]:
    return {
        "type": "behavioral",
        "value": "performed_event",
        "key": "buy",
        "event_type": "events",
    } | more


PRO = {"type": "person", "key": "plan", "value": ["pro"], "operator": "exact"}


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (bought(), ["ada", "bob", "carl"]),
        (bought(time_value=3, time_interval="day"), ["ada", "carl"]),
        (bought(time_value="1", time_interval="week"), ["ada", "bob", "carl"]),
        (bought(explicit_datetime="-2d"), ["ada", "carl"]),
        (
            bought(explicit_datetime="2026-03-01", explicit_datetime_to="2026-03-02"),
            ["ada", "bob"],
        ),
        (bought(negation=True), ["dora"]),
        (bought(time_value=3, time_interval="day", negation=True), ["bob", "dora"]),
        (
            bought(event_filters=[{"key": "amount", "operator": "gt", "value": 9}]),
            ["ada"],
        ),
        (
            bought(value="performed_event_multiple", operator="gte", operator_value=2),
            ["ada"],
        ),
        (
            bought(value="performed_event_multiple", operator="eq", operator_value="1"),
            ["bob", "carl"],
        ),
        (
            bought(value="performed_event_first_time", time_value=3, time_interval="day"),
            ["carl"],
        ),
        (PRO, ["ada", "dora"]),
        (PRO | {"negation": True}, ["bob", "carl"]),
        ({"type": "OR", "values": [PRO, bought(time_value=3, time_interval="day")]}, None),
    ],
)
def test_members_are_those_who_are_or_did_it(
    world: InsightInstance, wanted: dict[str, Any], expected: list[str] | None
) -> None:
    assert members(world, wanted) == (expected or ["ada", "carl", "dora"])


def test_filters_are_nested_and_joined(world: InsightInstance) -> None:
    either = {"type": "OR", "values": [PRO, bought()]}

    assert members(world, either, bought(negation=True)) == ["dora"]
    assert members(world, PRO, bought(), type_="OR") == ["ada", "bob", "carl", "dora"]
    assert members(world, PRO, bought()) == ["ada"]


def test_an_action_can_be_what_was_done(world: InsightInstance) -> None:
    action = post(world, "actions/", {"name": "Bought", "steps": [{"event": "buy"}]}).json()["id"]

    assert members(world, bought(key=action, event_type="actions")) == ["ada", "bob", "carl"]


def test_a_cohort_may_ask_for_another_but_not_for_itself(world: InsightInstance) -> None:
    pro = made(world, PRO)
    assert members(world, {"type": "cohort", "key": "id", "value": pro}, bought()) == ["ada"]
    assert members(world, {"type": "cohort", "key": "id", "value": pro, "negation": True}) == [
        *("bob", "carl")
    ]

    filters = {"properties": {"type": "AND", "values": [{"type": "cohort", "value": pro}]}}
    world._client.patch(path(world, f"cohorts/{pro}/"), headers=_HEADERS, json={"filters": filters})
    answer = world._client.get(path(world, f"persons/?cohort={pro}"), headers=_HEADERS)
    assert answer.status_code == 400
    assert "asks for itself" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("wanted", "attribute"),
    [
        (bought(value="performed_event_seldom"), "values.0.value"),
        (bought(time_value=1, time_interval="fortnight"), "values.0.time_interval"),
        (bought(time_value="soon"), "values.0.time_value"),
        (bought(value="performed_event_multiple"), "values.0.operator_value"),
        (bought(key=""), "values.0.key"),
        ({"type": "cohort", "value": 10**9}, "values.0.value"),
        ({"type": "session", "key": "x", "value": 1}, "values.0.type"),
    ],
)
def test_a_cohort_that_asks_for_nonsense_names_it(
    world: InsightInstance, wanted: dict[str, Any], attribute: str
) -> None:
    filters = {"properties": {"type": "AND", "values": [wanted]}}

    answer = post(world, "cohorts/", {"name": "C", "filters": filters})

    assert answer.status_code == 400
    assert answer.json()["attr"] == f"filters.properties.{attribute}"


def test_a_cohort_whose_other_is_gone_says_so_and_can_be_renamed(world: InsightInstance) -> None:
    other = made(world, PRO)
    number = made(world, {"type": "cohort", "value": other})
    world._client.delete(path(world, f"cohorts/{other}/"), headers=_HEADERS)

    shown = get(world, f"cohorts/{number}/")
    renamed = world._client.patch(
        path(world, f"cohorts/{number}/"), headers=_HEADERS, json={"name": "Old"}
    )

    assert (shown["count"], renamed.json()["name"]) == (None, "Old")
    assert str(other) in shown["error"]


def trends(world: InsightInstance, cohort: int) -> list[float]:
    (item,) = world.answer(
        {
            "kind": "TrendsQuery",
            "series": [{"kind": "EventsNode", "event": "view", "math": "dau"}],
            "dateRange": {"date_from": "2026-03-07", "date_to": "2026-03-07"},
            "properties": [{"type": "cohort", "key": "id", "value": cohort}],
        }
    )["results"]
    data: list[float] = item["data"]
    return data


def test_insights_are_filtered_by_what_people_did(world: InsightInstance) -> None:
    cohort = made(world, bought(time_value=3, time_interval="day"))

    assert trends(world, cohort) == [2]
    assert get(world, f"cohorts/{cohort}/")["count"] == 2


def test_the_list_of_persons_is_filtered_by_cohorts(world: InsightInstance) -> None:
    cohort = made(world, PRO)

    def listed(operator: str) -> set[str]:
        wanted = {"type": "cohort", "key": "id", "value": cohort, "operator": operator}
        query = {"kind": "ActorsQuery", "select": ["distinct_ids"], "properties": [wanted]}
        return {x for row in world.answer(query)["results"] for x in row[0] if x in ALL}

    assert (listed("in"), listed("not_in")) == ({"ada", "dora"}, {"bob", "carl"})


def person_id(world: InsightInstance, distinct_id: str) -> str:
    found: str = get(world, f"persons/?distinct_id={distinct_id}")["results"][0]["uuid"]
    return found


def static(world: InsightInstance) -> int:
    number: int = post(world, "cohorts/", {"name": "S", "is_static": True}).json()["id"]
    return number


def test_a_static_cohort_is_a_list_of_persons(world: InsightInstance) -> None:
    cohort = static(world)
    assert names(world, cohort) == []

    people = [person_id(world, "ada"), person_id(world, "bob")]
    added = post(
        world,
        f"cohorts/{cohort}/add_persons_to_static_cohort/",
        {"person_ids": [*people, "019cadfd-8900-7001-8000-00000000ffff"]},
    )
    assert added.json() == {"success": True, "added": 2}
    assert names(world, cohort) == ["ada", "bob"]
    assert trends(world, cohort) == [2]

    post(world, f"cohorts/{cohort}/remove_person_from_static_cohort/", {"person_id": people[0]})
    assert names(world, cohort) == ["bob"]
    assert trends(world, cohort) == [1]
    post(world, f"cohorts/{cohort}/add_persons_to_static_cohort/", {"distinct_ids": ["ada"]})
    assert get(world, f"cohorts/{cohort}/")["count"] == 2


def test_a_static_cohort_comes_from_a_file(world: InsightInstance) -> None:
    content = "email,distinct_id\na@x.test,ada\n,carl-anonymous\n,unknown\n"

    answer = world._client.post(
        path(world, "cohorts/"),
        headers=_HEADERS,
        data={"name": "From a file"},
        files={"csv": ("people.csv", content.encode(), "text/csv")},
    )

    assert answer.status_code == 201, answer.text
    assert answer.json()["count"] == 2
    assert names(world, answer.json()["id"]) == ["ada", "carl"]


def test_what_is_no_list_of_persons_is_refused(world: InsightInstance) -> None:
    cohort, dynamic = static(world), made(world, PRO)
    add = "add_persons_to_static_cohort/"

    assert post(world, f"cohorts/{dynamic}/{add}", {"person_ids": []}).status_code == 400
    assert post(world, f"cohorts/{cohort}/{add}", {"person_ids": ["x"]}).json()["attr"] == (
        "person_ids"
    )
    assert post(world, f"cohorts/{cohort}/{add}", {"distinct_ids": "ada"}).status_code == 400
    assert post(world, f"cohorts/{10**9}/{add}", {"person_ids": []}).status_code == 404
    with pytest.raises(VectorFailedError, match="no cohort"):
        trends(world, 10**9)


def test_a_list_follows_merges(event_store: ChdbEventStore) -> None:
    engine = VectorEngine(event_store, lambda: connect(event_store._folder))
    events = [event(6, "ada-phone"), event(6, "ada-tablet"), event(6, "bob")]
    with insight_instance(engine, next(_project_ids), {"events": events}) as world:
        cohort = static(world)
        ids = {"distinct_ids": ["ada-phone", "ada-tablet", "bob"]}
        post(world, f"cohorts/{cohort}/add_persons_to_static_cohort/", ids)
        assert get(world, f"cohorts/{cohort}/")["count"] == 3

        world.ingest(
            [
                event(7, "ada", "$identify", **{"$anon_distinct_id": "ada-phone"}),
                event(7, "ada", "$identify", **{"$anon_distinct_id": "ada-tablet"}),
                event(7, "ada"),
            ]
        )

        assert names(world, cohort) == ["ada", "bob"]
        assert trends(world, cohort) == [1]
        remove = {"person_id": person_id(world, "ada")}
        post(world, f"cohorts/{cohort}/remove_person_from_static_cohort/", remove)
        assert names(world, cohort) == ["bob"]


def test_the_persons_of_a_cohort_come_a_page_at_a_time(world: InsightInstance) -> None:
    cohort = made(world, bought())

    seen, url = [], path(world, f"persons/?cohort={cohort}&limit=2")
    while url:
        page = world._client.get(url, headers=_HEADERS).json()
        seen += [person["uuid"] for person in page["results"]]
        url = page["next"]

    assert len(seen) == len(set(seen)) == 3


def test_a_person_is_in_the_cohorts_that_list_them(world: InsightInstance) -> None:
    pro = made(world, {"key": "plan", "type": "person", "operator": "exact", "value": ["pro"]})
    static = post(world, "cohorts/", {"name": "L", "is_static": True}).json()["id"]
    post(world, f"cohorts/{static}/add_persons_to_static_cohort/", {"distinct_ids": ["carl"]})
    gone = made(world, bought())
    broken = made(world, {"key": "id", "type": "cohort", "value": gone})
    world._client.delete(path(world, f"cohorts/{gone}/"), headers=_HEADERS)

    def cohorts_of(who: str) -> set[int]:
        person = get(world, f"persons/?distinct_id={who}")["results"][0]["id"]
        found = get(world, f"persons/cohorts/?person_id={person}")["results"]
        return {cohort["id"] for cohort in found} & {pro, static, broken}

    assert cohorts_of("ada") == {pro}
    assert cohorts_of("carl-anonymous") == {static}
    assert cohorts_of("bob") == set()
    unknown = "00000000-0000-0000-0000-000000000000"
    assert get(world, f"persons/cohorts/?person_id={unknown}")["results"] == []
    answer = world._client.get(path(world, "persons/cohorts/?person_id=ada"), headers=_HEADERS)
    assert (answer.status_code, answer.json()["attr"]) == (400, "person_id")
