"""Any sequence of events and of what an operator does gives what the reference model says, however
it is cut into batches and wherever it crashes (ingestion §20).
"""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from hedgerow.core import json
from hedgerow.directory.engine import Directory
from hedgerow.directory.groups import list_group_types, list_groups
from hedgerow.directory.overrides import list_overrides
from hedgerow.directory.persons import list_persons, person_by_distinct_id
from hedgerow.wire.control import ChangePerson, DeletePerson, SplitPerson, encode_control
from hedgerow.wire.record import LoggedEvent, LoggedRequest, encode_request

from .identity_model import Model
from .ingest_harness import NOW_US, TOKEN, ListStore, ingest, state

IDS = ["ada", "bob", "eve", "joe", "kim", "anonymous"]
OPERATOR_STEPS = ["split", "delete", "delete_events", "change"]
JOINS = ["$identify", "$create_alias", "$merge_dangerously"]
SETS = st.dictionaries(st.sampled_from("abc"), st.integers(0, 3), max_size=2)
TIMES = st.integers(-5, 5)


@dataclass(frozen=True)
class Step:
    """One thing that happens. `kind` is a method of the model, or an event that joins ids."""

    kind: str
    distinct_id: str
    other: str = ""
    set: tuple[tuple[str, int], ...] = ()
    day: int = 0


ID = st.sampled_from(IDS)
SET_ITEMS = SETS.map(lambda items: tuple(items.items()))
STEPS = st.one_of(
    st.builds(Step, st.just("capture"), ID, st.just(""), SET_ITEMS, TIMES),
    st.builds(Step, st.just("personless"), ID, st.just(""), st.just(()), TIMES),
    *[st.builds(Step, st.sampled_from(JOINS), ID, ID, SET_ITEMS, TIMES)] * 4,
    st.builds(Step, st.just("group"), ID, st.sampled_from("pqrstu"), SET_ITEMS, TIMES),
    st.builds(Step, st.sampled_from(OPERATOR_STEPS), ID, st.sampled_from("abc"), SET_ITEMS),
)


def time_of(step: Step) -> int:
    return NOW_US + step.day * 86_400_000_000


def payload(step: Step, number: int, persons: dict[str, str]) -> bytes:
    """`persons` are the uuids of the persons there are when an operator acts, by distinct id."""
    if step.kind in OPERATOR_STEPS:
        person_id = persons.get(step.distinct_id, "00000000-0000-0000-0000-000000000000")
        if step.kind == "split":
            return encode_control(SplitPerson(NOW_US, 1, person_id, step.distinct_id))
        if step.kind == "change":
            changed = ChangePerson(NOW_US, 1, person_id, dict(step.set), [step.other])
            return encode_control(changed)
        return encode_control(DeletePerson(NOW_US, 1, person_id, step.kind == "delete_events"))
    properties: dict[str, Any] = {"$set": dict(step.set)}
    name = step.kind
    if step.kind == "personless":
        properties = {"$process_person_profile": False}
    elif step.kind == "group":
        name = "$groupidentify"
        properties = {
            "$group_type": step.other,
            "$group_key": "k",
            "$group_set": dict(step.set),
        }
    elif step.kind in JOINS:
        properties["$anon_distinct_id" if step.kind == "$identify" else "alias"] = step.other
    event = LoggedEvent(
        uuid=f"00000000-0000-4000-8000-{number:012x}",
        event=name,
        distinct_id=step.distinct_id,
        timestamp_us=time_of(step),
        lane="main",
        properties=msgspec.Raw(json.encode(properties)),
    )
    return encode_request(LoggedRequest(1, TOKEN, NOW_US, None, "", "/e/", "", False, [event], []))


def apply(model: Model, step: Step) -> None:
    time_us, set_ = time_of(step), dict(step.set)
    if step.kind == "capture":
        model.capture(step.distinct_id, time_us, set_)
    elif step.kind == "personless":
        model.personless(step.distinct_id)
    elif step.kind == "group":
        model.identify_group(step.distinct_id, time_us, step.other, "k", set_)
    elif step.kind == "split":
        model.split(step.distinct_id)
    elif step.kind == "change":
        model.change(step.distinct_id, set_, step.other)
    elif step.kind in ("delete", "delete_events"):
        model.delete(step.distinct_id, with_events=step.kind == "delete_events")
    else:
        model.join(step.kind, step.distinct_id, step.other, time_us, set_)


def persons_by_id(directory: Directory) -> dict[str, str]:
    return {
        distinct_id: found.person.id.hex()
        for distinct_id in IDS
        if (found := person_by_distinct_id(directory, 1, distinct_id)) is not None
    }


def check(directory: Directory, store: ListStore, model: Model) -> None:
    people = list_persons(directory, 1, limit=1000)
    found = sorted(
        (
            sorted(each.distinct_ids),
            {k: v for k, v in each.person.properties.items() if not k.startswith("$")},
            each.person.is_identified,
            each.person.created_at_us,
            each.person.main_distinct_id,
        )
        for each in people
    )
    expected = sorted(
        (sorted(each.ids), each.properties, each.is_identified, each.created_at_us, each.main)
        for each in model.people
    )
    assert found == expected
    rows = [store.rows[key] for key in sorted(store.rows)]
    assert [row.distinct_id for row in rows] == model.events
    overrides = list_overrides(directory, 1)
    assert overrides == {key: row.person_id for key, row in store.overrides.items()}
    owners = {distinct_id: each.person.id for each in people for distinct_id in each.distinct_ids}
    for row in rows:
        if row.distinct_id in owners:
            assert overrides.get(row.person_id, row.person_id) == owners[row.distinct_id]
    live = {each.person.id for each in people}
    assert set(overrides.values()) <= live, "overrides are closed"
    assert not set(overrides) & live, "nobody who is there counts for another"
    assert {key for key, row in store.persons.items() if not row.is_deleted} == live
    assert {key: row.person_id for key, row in store.distinct_ids.items()} == owners
    types = list_group_types(directory, 1)
    assert [item.group_type for item in types] == model.group_types
    assert model.groups == {
        (item.group_type, group.group_key): group.properties
        for item in types
        for group in list_groups(directory, 1, type_index=item.type_index)
    }


CHAIN = [
    *[Step("capture", each) for each in IDS[:4]],
    Step("personless", "kim"),
    Step("$identify", "ada", "kim"),
    Step("$merge_dangerously", "bob", "ada"),
    Step("$merge_dangerously", "eve", "bob", (("a", 1),), -2),
    Step("$create_alias", "joe", "ada"),
]


# The kept events of one id must not go to the other, whose person's uuid they carried.
SEEN_AGAIN = [
    Step("capture", "eve"),
    Step("$identify", "eve", "ada"),
    Step("capture", "ada"),
    Step("delete", "eve"),
    Step("capture", "eve"),
    Step("capture", "ada"),
]


@example(steps=SEEN_AGAIN, batches=[100], fail_at=40)
@example(steps=CHAIN, batches=[100], fail_at=40)
@example(steps=CHAIN, batches=[2, 1], fail_at=7)
@example(steps=[*CHAIN, Step("split", "bob"), *CHAIN], batches=[3], fail_at=15)
@example(steps=[*CHAIN, Step("delete_events", "bob"), *CHAIN], batches=[4], fail_at=20)
@example(steps=[*CHAIN, Step("delete", "eve"), *CHAIN], batches=[4], fail_at=21)
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    # Everybody has a person at first, so that most joins are merges.
    steps=st.lists(STEPS, min_size=4, max_size=20).map(
        lambda steps: [Step("capture", each) for each in IDS[:-2]] + steps
    ),
    batches=st.lists(st.integers(1, 5), min_size=1, max_size=4),
    fail_at=st.integers(1, 40),
)
def test_identity_is_what_the_model_says(
    steps: list[Step], batches: list[int], fail_at: int
) -> None:
    model = Model()
    payloads: list[bytes] = []
    with tempfile.TemporaryDirectory() as name:
        one_by_one, cut = Path(name, "one"), Path(name, "cut")
        one_by_one.mkdir()
        cut.mkdir()
        store = ListStore()
        persons: dict[str, str] = {}
        for number, step in enumerate(steps):
            if step.kind in OPERATOR_STEPS:
                directory = ingest(one_by_one, store, payloads, [1])
                persons = persons_by_id(directory)
                directory.close()
            apply(model, step)
            payloads.append(payload(step, number, persons))
        directory = ingest(one_by_one, store, payloads, [1])
        check(directory, store, model)
        crashing = ListStore(fail_at=fail_at)
        again = ingest(cut, crashing, payloads, batches)
        assert state(again, crashing) == state(directory, store)
        directory.close()
        again.close()
