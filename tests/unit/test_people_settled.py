"""A change that was a person's last and did nothing is skipped; one that only looks equal is not."""

from collections.abc import Collection

from hedgerow.directory.batch import DistinctId, Person, PersonOverride
from hedgerow.ingest.people_state import PeopleState
from hedgerow.people.person_properties import PersonChange


class NobodyKnown:
    def persons(self, project_id: int, distinct_ids: Collection[str]) -> dict[str, Person]:
        return {}

    def distinct_ids(self, project_id: int, person_id: bytes) -> list[DistinctId]:
        return []

    def overrides(self, project_id: int, person_id: bytes) -> list[PersonOverride]:
        return []


def settled_after(first: dict[str, object], second: dict[str, object]) -> bool:
    people = PeopleState(NobodyKnown())
    person = Person(1, b"p" * 16, {}, 0)
    people.settle(person, PersonChange(False, first, {}, ()))
    return people.settled_text(person, PersonChange(False, second, {}, ())) is not None


def test_the_same_plain_change_is_settled() -> None:
    assert settled_after({"a": 1, "b": "x"}, {"a": 1, "b": "x"})


def test_true_is_not_taken_for_one() -> None:
    assert not settled_after({"a": 1}, {"a": True})
    assert not settled_after({"a": True}, {"a": 1})


def test_lists_and_objects_always_count_as_changed() -> None:
    assert not settled_after({"a": [1]}, {"a": [1]})
    assert not settled_after({"a": {}}, {"a": {}})
