from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from hedgerow.core.ids import person_uuid
from hedgerow.directory.batch import (
    BatchEffects,
    DeadLetter,
    DedupeKey,
    DistinctId,
    EventDefinition,
    EventProperty,
    OutcomeKey,
    Person,
    PropertyDefinition,
    Warning,  # noqa: A004 - the field's word for it
)
from hedgerow.directory.dead_letters import (
    count_dead_letters,
    delete_dead_letter,
    list_dead_letters,
)
from hedgerow.directory.engine import Directory, open_directory
from hedgerow.directory.ingest_state import (
    commit_batch,
    ingest_position,
    load_known_definitions,
    load_persons,
    seen_keys,
)
from hedgerow.directory.outcomes import Progress, outcomes, progress, set_alarm
from hedgerow.directory.projects import create_project
from hedgerow.directory.warnings import list_warnings

NOW_US = 1_800_000_000_000_000


@pytest.fixture
def directory(tmp_path: Path) -> Iterator[Directory]:
    opened = open_directory(tmp_path / "directory.sqlite")
    create_project(opened, name="one", now_us=1)
    create_project(opened, name="two", now_us=1)
    yield opened
    opened.close()


def person(distinct_id: str, project_id: int = 1, version: int = 0) -> Person:
    uuid = person_uuid(project_id, distinct_id).bytes
    return Person(project_id, uuid, {"name": distinct_id}, NOW_US, version=version)


def warning(number: int, count: int = 1, type_: str = "invalid_group_set") -> Warning:
    return Warning(1, type_, "event", "error", {"n": number}, NOW_US + number, count)


def full_batch(position: int) -> BatchEffects:
    ada = person("ada")
    return BatchEffects(
        position=position,
        now_us=NOW_US,
        newest_event_received_us=NOW_US,
        persons=[ada],
        distinct_ids=[DistinctId(1, "ada", ada.id)],
        dedupe_keys=[DedupeKey(20_000, b"k" * 16)],
        event_definitions=[EventDefinition(1, "$pageview", NOW_US)],
        property_definitions=[PropertyDefinition(1, "event", "plan", "String")],
        event_properties=[EventProperty(1, "$pageview", "plan")],
        warnings=[warning(1)],
        dead_letters=[DeadLetter(5, 0, 1, "row", "ValueError", b"\x00bytes\xff", NOW_US)],
        outcomes=Counter({OutcomeKey(1, "received"): 2, OutcomeKey(1, "stored"): 2}),
    )


def contents(directory: Directory) -> dict[str, object]:
    with directory.read() as connection:
        names = connection.execute(
            text("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        ).scalars()
        return {name: connection.execute(text(f"SELECT * FROM {name}")).all() for name in names}


def test_a_new_directory_starts_at_the_beginning_of_the_log(directory: Directory) -> None:
    assert ingest_position(directory) == 0
    assert progress(directory) == Progress(0, 0, None)
    assert outcomes(directory) == []


def test_a_batch_writes_everything_with_its_position(directory: Directory) -> None:
    batch = full_batch(100)
    commit_batch(directory, batch)
    assert progress(directory) == Progress(100, NOW_US, None)
    assert load_persons(directory, 1, ["ada", "unknown"]) == {"ada": batch.persons[0]}
    assert seen_keys(directory, batch.dedupe_keys) == set(batch.dedupe_keys)
    known = load_known_definitions(directory)
    assert known.event_definitions == batch.event_definitions
    assert known.property_definitions == batch.property_definitions
    assert known.event_properties == batch.event_properties
    assert list_dead_letters(directory) == batch.dead_letters
    assert dict(outcomes(directory)) == batch.outcomes


def test_an_empty_batch_moves_only_the_position(directory: Directory) -> None:
    commit_batch(directory, full_batch(100))
    before = contents(directory)
    commit_batch(directory, BatchEffects(position=150, now_us=NOW_US))
    assert progress(directory) == Progress(150, NOW_US, None)
    after = contents(directory)
    assert {name for name in before if before[name] != after[name]} == {"ingest_progress"}


@pytest.mark.parametrize(
    "table",
    [
        "persons",
        "person_distinct_ids",
        "event_definitions",
        "property_definitions",
        "event_properties",
        "seen_events",
        "seen_event_days",
        "ingestion_warnings",
        "ingestion_warning_samples",
        "dead_letters",
        "outcomes",
    ],
)
def test_a_batch_that_fails_anywhere_changes_nothing(directory: Directory, table: str) -> None:
    with directory.write() as connection:
        connection.execute(
            text(
                f"CREATE TRIGGER refuse BEFORE INSERT ON {table} "
                "BEGIN SELECT RAISE(ABORT, 'refused'); END"
            )
        )
    before = contents(directory)
    with pytest.raises(IntegrityError, match="refused"):
        commit_batch(directory, full_batch(100))
    assert contents(directory) == before
    assert ingest_position(directory) == 0
    with directory.write() as connection:
        connection.execute(text("DROP TRIGGER refuse"))
    commit_batch(directory, full_batch(100))
    assert ingest_position(directory) == 100


def test_a_batch_that_fails_at_the_position_changes_nothing(directory: Directory) -> None:
    with directory.write() as connection:
        connection.execute(
            text(
                "CREATE TRIGGER refuse BEFORE UPDATE ON ingest_progress "
                "BEGIN SELECT RAISE(ABORT, 'refused'); END"
            )
        )
    before = contents(directory)
    with pytest.raises(IntegrityError, match="refused"):
        commit_batch(directory, full_batch(100))
    assert contents(directory) == before


def test_a_committed_batch_is_there_after_opening_again(tmp_path: Path) -> None:
    path = tmp_path / "again.sqlite"
    first = open_directory(path)
    create_project(first, name="one", now_us=1)
    commit_batch(first, full_batch(100))
    before = contents(first)
    first.close()
    second = open_directory(path)
    assert contents(second) == before
    second.close()


def test_outcomes_add_up_and_stay_balanced(directory: Directory) -> None:
    for position in range(1, 4):
        counts = Counter(
            {
                OutcomeKey(1, "received"): 10,
                OutcomeKey(1, "stored"): 6,
                OutcomeKey(1, "duplicate"): 1,
                OutcomeKey(1, "dropped", "heatmap"): 2,
                OutcomeKey(1, "dead_lettered", "ValueError"): 1,
                OutcomeKey(0, "received"): 1,
                OutcomeKey(0, "dropped", "unknown_project_key"): 1,
            }
        )
        commit_batch(directory, BatchEffects(position, NOW_US, outcomes=counts))
    totals: Counter[str] = Counter()
    for key, count in outcomes(directory):
        totals[key.outcome] += count
    assert totals.pop("received") == totals.total() == 33
    assert (OutcomeKey(1, "dropped", "heatmap"), 6) in outcomes(directory)


def test_warnings_are_all_counted_and_the_last_hundred_kept(directory: Directory) -> None:
    numbers = iter(range(260))
    for position, size in enumerate((60, 150, 50)):
        batch = [warning(next(numbers), count=2) for _ in range(size)]
        commit_batch(directory, BatchEffects(position, NOW_US, warnings=batch))
    (summary,) = list_warnings(directory, 1)
    assert (summary.type, summary.category, summary.severity) == (
        "invalid_group_set",
        "event",
        "error",
    )
    assert (summary.count, summary.last_seen_us) == (520, NOW_US + 259)
    assert [sample.details["n"] for sample in summary.samples] == list(range(259, 159, -1))
    assert list_warnings(directory, 2) == []


def test_the_samples_of_one_type_do_not_push_out_those_of_another(directory: Directory) -> None:
    rare = [warning(0, type_="rare")]
    often = [warning(number, type_="often") for number in range(1, 200)]
    commit_batch(directory, BatchEffects(1, NOW_US, warnings=rare + often))
    summaries = list_warnings(directory, 1, samples_max=3)
    assert [(each.type, each.count, len(each.samples)) for each in summaries] == [
        ("often", 199, 3),
        ("rare", 1, 1),
    ]


def test_a_property_keeps_its_first_type_and_a_missing_one_is_filled(directory: Directory) -> None:
    for property_type in (None, "Numeric", "String", None):
        definition = PropertyDefinition(1, "event", "price", property_type)
        commit_batch(directory, BatchEffects(1, NOW_US, property_definitions=[definition]))
    known = load_known_definitions(directory).property_definitions
    assert known == [PropertyDefinition(1, "event", "price", "Numeric")]


def test_the_time_an_event_was_last_seen_never_goes_back(directory: Directory) -> None:
    for seen_us in (5, 9, 7):
        definition = EventDefinition(1, "buy", seen_us)
        commit_batch(directory, BatchEffects(1, NOW_US, event_definitions=[definition]))
    assert load_known_definitions(directory).event_definitions == [EventDefinition(1, "buy", 9)]


def test_the_newest_event_time_never_goes_back(directory: Directory) -> None:
    for newest_us in (5, 9, 7):
        commit_batch(directory, BatchEffects(1, NOW_US, newest_event_received_us=newest_us))
    assert progress(directory).newest_event_received_us == 9


def test_known_definitions_are_loaded_up_to_a_bound(directory: Directory) -> None:
    names = [EventDefinition(1, f"event {number}", 1) for number in range(20)]
    commit_batch(directory, BatchEffects(1, NOW_US, event_definitions=names))
    assert len(load_known_definitions(directory, rows_max=7).event_definitions) == 7


def test_a_person_is_written_as_it_now_is(directory: Directory) -> None:
    ada = person("ada")
    first = BatchEffects(1, NOW_US, persons=[ada], distinct_ids=[DistinctId(1, "ada", ada.id)])
    commit_batch(directory, first)
    ada.properties = {"name": "Ada 💐", "nested": {"list": [1, 2.5, None, "\x00"]}}
    ada.created_at_us = 1
    ada.is_identified = True
    ada.version = 1
    commit_batch(directory, BatchEffects(2, NOW_US, persons=[ada]))
    assert load_persons(directory, 1, ["ada"]) == {"ada": ada}


def test_distinct_ids_of_one_person_share_it(directory: Directory) -> None:
    ada = person("ada")
    names = ["ada", "ada@work", "ada@home"]
    batch = BatchEffects(
        1, NOW_US, persons=[ada], distinct_ids=[DistinctId(1, name, ada.id) for name in names]
    )
    commit_batch(directory, batch)
    found = load_persons(directory, 1, set(names))
    assert found["ada"] is found["ada@work"] is found["ada@home"]


def test_a_distinct_id_can_move_to_another_person(directory: Directory) -> None:
    ada, bob = person("ada"), person("bob")
    ids = [DistinctId(1, "ada", ada.id), DistinctId(1, "bob", bob.id)]
    commit_batch(directory, BatchEffects(1, NOW_US, persons=[ada, bob], distinct_ids=ids))
    moved = [DistinctId(1, "bob", ada.id, version=1)]
    commit_batch(directory, BatchEffects(2, NOW_US, distinct_ids=moved))
    assert load_persons(directory, 1, ["bob"]) == {"bob": ada}


def test_projects_do_not_see_each_other_s_persons(directory: Directory) -> None:
    one, two = person("ada", 1), person("ada", 2)
    ids = [DistinctId(1, "ada", one.id), DistinctId(2, "ada", two.id)]
    commit_batch(directory, BatchEffects(1, NOW_US, persons=[one, two], distinct_ids=ids))
    assert load_persons(directory, 1, ["ada"]) == {"ada": one}
    assert load_persons(directory, 2, ["ada"]) == {"ada": two}


def test_many_distinct_ids_are_loaded_at_once(directory: Directory) -> None:
    people = [person(f"user {number}") for number in range(2_000)]
    ids = [DistinctId(1, str(each.properties["name"]), each.id) for each in people]
    commit_batch(directory, BatchEffects(1, NOW_US, persons=people, distinct_ids=ids))
    assert len(load_persons(directory, 1, [f"user {number}" for number in range(3_000)])) == 2_000
    assert load_persons(directory, 1, []) == {}


def test_a_dead_letter_keeps_its_bytes_until_it_is_deleted(directory: Directory) -> None:
    letters = [
        DeadLetter(position, index, project, "row", "ValueError", bytes([position]), NOW_US)
        for position, index, project in ((9, 0, None), (2, 1, 1), (2, 0, 1))
    ]
    commit_batch(directory, BatchEffects(10, NOW_US, dead_letters=letters))
    assert list_dead_letters(directory) == [letters[2], letters[1], letters[0]]
    assert list_dead_letters(directory, limit=1, offset=1) == [letters[1]]
    assert delete_dead_letter(directory, 2, 1)
    assert not delete_dead_letter(directory, 2, 1)
    assert count_dead_letters(directory) == 2


def test_an_alarm_stays_until_it_is_lifted(directory: Directory) -> None:
    set_alarm(directory, "too many dead letters")
    commit_batch(directory, BatchEffects(10, NOW_US))
    assert progress(directory).alarm == "too many dead letters"
    set_alarm(directory, None)
    assert progress(directory).alarm is None
