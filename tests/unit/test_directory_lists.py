from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hedgerow.core.ids import person_uuid
from hedgerow.directory.batch import (
    BatchEffects,
    DistinctId,
    EventDefinition,
    EventProperty,
    Person,
    PropertyDefinition,
)
from hedgerow.directory.definition_lists import (
    EventFilter,
    Page,
    PropertyFilter,
    list_event_definitions,
    list_property_definitions,
    properties_seen_with,
)
from hedgerow.directory.engine import Directory, open_directory
from hedgerow.directory.ingest_state import commit_batch
from hedgerow.directory.persons import (
    PersonDetails,
    list_persons,
    person_by_distinct_id,
    person_by_id,
)
from hedgerow.directory.projects import create_project

# Three persons; Bob and Carol were created in the same microsecond.
PEOPLE: dict[str, tuple[int, dict[str, Any]]] = {
    "ada": (10, {"email": "Ada@example.com", "name": "Ada"}),
    "bob": (20, {"email": "bob@example.com", "plan": "ada"}),
    "carol": (20, {"username": "100%_carol", "email": 7}),
}


@pytest.fixture
def directory(tmp_path: Path) -> Iterator[Directory]:
    opened = open_directory(tmp_path / "directory.sqlite")
    create_project(opened, name="one", now_us=1)
    create_project(opened, name="two", now_us=1)
    yield opened
    opened.close()


@pytest.fixture
def people(directory: Directory) -> dict[str, Person]:
    found = {
        name: Person(1, person_uuid(1, name).bytes, properties, created_at_us)
        for name, (created_at_us, properties) in PEOPLE.items()
    }
    ids = [DistinctId(1, name, each.id) for name, each in found.items()]
    ids += [DistinctId(1, name, found["ada"].id, 1) for name in ("zeta", "anonymous-1")]
    effects = BatchEffects(1, 1, persons=list(found.values()), distinct_ids=ids)
    commit_batch(directory, effects)
    return found


def names(found: list[PersonDetails]) -> set[str]:
    return {details.distinct_ids[0] for details in found}


def test_a_person_is_shown_with_its_distinct_ids_oldest_first(
    directory: Directory, people: dict[str, Person]
) -> None:
    details = PersonDetails(people["ada"], ("ada", "zeta", "anonymous-1"))
    assert person_by_distinct_id(directory, 1, "zeta") == details
    assert person_by_id(directory, 1, people["ada"].id) == details


def test_an_unknown_person_and_one_of_another_project_are_not_found(
    directory: Directory, people: dict[str, Person]
) -> None:
    assert person_by_distinct_id(directory, 1, "nobody") is None
    assert person_by_distinct_id(directory, 2, "ada") is None
    assert person_by_id(directory, 2, people["ada"].id) is None
    assert list_persons(directory, 2) == []


def test_pages_of_one_show_each_person_once_newest_first(
    directory: Directory, people: dict[str, Person]
) -> None:
    shown: list[PersonDetails] = []
    after = None
    while page := list_persons(directory, 1, limit=1, after=after):
        shown += page
        after = page[-1].cursor
    assert [details.person.created_at_us for details in shown] == [20, 20, 10]
    assert shown == list_persons(directory, 1)


@pytest.mark.parametrize(
    ("search", "expected"),
    [
        ("ADA", {"ada"}),
        ("example.com", {"ada", "bob"}),
        ("Anonymous", {"ada"}),
        ("100%_", {"carol"}),
        ("%", {"carol"}),
        ("nobody", set()),
    ],
)
def test_persons_are_searched_by_distinct_id_and_by_what_names_them(
    directory: Directory, people: dict[str, Person], search: str, expected: set[str]
) -> None:
    assert names(list_persons(directory, 1, search=search)) == expected


def test_persons_are_found_by_their_exact_email(
    directory: Directory, people: dict[str, Person]
) -> None:
    assert names(list_persons(directory, 1, email="bob@example.com")) == {"bob"}
    assert names(list_persons(directory, 1, email="bob@example")) == set()


@pytest.fixture
def defined(directory: Directory) -> Directory:
    properties = [
        PropertyDefinition(1, "event", "plan", "String"),
        PropertyDefinition(1, "event", "price", "Numeric"),
        PropertyDefinition(1, "person", "plan", None),
        PropertyDefinition(2, "event", "other", None),
    ]
    effects = BatchEffects(
        position=1,
        now_us=1,
        event_definitions=[EventDefinition(1, name, 5) for name in ("buy", "$pageview", "Buyer")]
        + [EventDefinition(2, "buy", 6)],
        property_definitions=properties,
        event_properties=[EventProperty(1, "buy", "price"), EventProperty(2, "buy", "plan")],
    )
    commit_batch(directory, effects)
    return directory


def test_events_are_listed_by_name_with_their_number_in_all(defined: Directory) -> None:
    page, count = list_event_definitions(defined, 1, EventFilter(), page=Page(limit=2, offset=1))
    assert (page, count) == ([EventDefinition(1, "Buyer", 5), EventDefinition(1, "buy", 5)], 3)


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (EventFilter(search="BUY"), ["Buyer", "buy"]),
        (EventFilter(search="_"), []),
        (EventFilter(origin="event_posthog"), ["$pageview"]),
        (EventFilter(origin="event_custom"), ["Buyer", "buy"]),
        (EventFilter(by_last_seen=True), ["$pageview", "Buyer", "buy"]),
    ],
)
def test_events_are_found_by_name_and_origin(
    defined: Directory, wanted: EventFilter, expected: list[str]
) -> None:
    found, count = list_event_definitions(defined, 1, wanted, page=Page())
    assert ([item.name for item in found], count) == (expected, len(expected))
    turned, _ = list_event_definitions(defined, 1, wanted, page=Page(descending=True))
    assert turned == found[::-1]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (PropertyFilter(), ["plan", "price"]),
        (PropertyFilter(scope="person"), ["plan"]),
        (PropertyFilter(search="LA"), ["plan"]),
        (PropertyFilter(seen_with_events=["buy", "Buyer"]), ["price"]),
        (PropertyFilter(is_numerical=True), ["price"]),
        (PropertyFilter(is_numerical=False), ["plan"]),
        (PropertyFilter(scope="person", is_numerical=False), ["plan"]),
        (PropertyFilter(names=["plan", "other"]), ["plan"]),
        (PropertyFilter(excluded=["plan"]), ["price"]),
    ],
)
def test_properties_are_found_by_scope_event_type_and_name(
    defined: Directory, wanted: PropertyFilter, expected: list[str]
) -> None:
    found, count = list_property_definitions(defined, 1, wanted, page=Page())
    assert ([item.name for item in found], count) == (expected, len(expected))


def test_which_properties_an_event_has_had_is_known(defined: Directory) -> None:
    assert properties_seen_with(defined, 1, ["buy"], ["plan", "price"]) == {"price"}
