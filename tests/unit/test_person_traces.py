"""A deleted person leaves nothing in the directory that names it, nor in its file."""

from pathlib import Path

import pytest
from sqlalchemy import text

from hedgerow.core import json
from hedgerow.core.ids import person_uuid
from hedgerow.directory.batch import BatchEffects, DeadLetter, DistinctId, Person
from hedgerow.directory.batch import Warning as IngestionWarning
from hedgerow.directory.dead_letters import list_dead_letters
from hedgerow.directory.engine import Directory, open_directory
from hedgerow.directory.erased_content import has_erased_content, rewrite_file
from hedgerow.directory.ingest_state import commit_batch
from hedgerow.directory.kept_ids import keep_ids, kept_ids
from hedgerow.directory.person_changes import delete_person
from hedgerow.directory.projects import create_project
from hedgerow.directory.warnings import list_warnings

ID = 'ada "the first" Lovelace'
PERSON = Person(1, person_uuid(1, ID).bytes, {"about": ID}, 1)


def letter(position: int, distinct_id: str, project_id: int = 1) -> DeadLetter:
    payload = json.encode(["uuid", "event", distinct_id, 0, "main", {}])
    return DeadLetter(position, 0, project_id, "row", "ValueError", payload, 1)


def warning(number: int, details: dict[str, object], project_id: int = 1) -> IngestionWarning:
    return IngestionWarning(project_id, "invalid_alias", "event", "error", details, number)


@pytest.fixture
def directory(tmp_path: Path) -> Directory:
    opened = open_directory(tmp_path / "directory.sqlite")
    for name in ("one", "two"):
        create_project(opened, name=name, now_us=1)
    effects = BatchEffects(position=9, now_us=1)
    effects.persons = [PERSON]
    effects.distinct_ids = [DistinctId(1, ID, PERSON.id)]
    effects.dead_letters = [letter(1, ID), letter(2, "bob"), letter(3, ID, project_id=2)]
    dropped = json.encode({"distinct_id": ID}).decode()
    effects.warnings = [
        warning(1, {"distinctId": ID}),
        warning(2, {"otherPersonDistinctId": ID}),
        warning(3, {"sample": dropped}),
        warning(4, {"distinctId": f"{ID} and more"}),
        warning(5, {"distinctId": ID}, project_id=2),
    ]
    commit_batch(opened, effects)
    keep_ids(opened, 1, ID, {"flag": "anon"})
    keep_ids(opened, 1, "bob", {"flag": ID})
    keep_ids(opened, 1, "eve", {"flag": "eve"})
    return opened


def delete(directory: Directory, *, with_events: bool) -> None:
    with directory.write() as connection:
        delete_person(connection, PERSON, [ID], with_events=with_events)


def test_what_names_the_person_goes_and_what_names_others_stays(directory: Directory) -> None:
    delete(directory, with_events=True)
    left = [item.position for item in list_dead_letters(directory)]
    assert left == [2, 3]
    (summary,) = list_warnings(directory, 1)
    assert summary.count == 4
    assert [sample.details for sample in summary.samples] == [{"distinctId": f"{ID} and more"}]
    assert len(list_warnings(directory, 2)[0].samples) == 1
    assert kept_ids(directory, 1, [ID, "bob", "eve"]) == {"flag": "eve"}


def test_a_delete_that_keeps_the_events_keeps_dead_letters(directory: Directory) -> None:
    delete(directory, with_events=False)
    assert len(list_dead_letters(directory)) == 3


def test_the_file_holds_nothing_of_it_once_it_is_written_anew(
    directory: Directory, tmp_path: Path
) -> None:
    with directory.write() as connection:
        connection.execute(text("DELETE FROM dead_letters WHERE project_id = 2"))
        connection.execute(text("DELETE FROM ingestion_warning_samples WHERE project_id = 2"))
        connection.execute(text("DELETE FROM ingestion_warning_samples WHERE timestamp_us = 4"))
    assert not has_erased_content(directory)
    delete(directory, with_events=True)
    assert has_erased_content(directory)

    rewrite_file(directory)

    assert not has_erased_content(directory)
    assert [path for path in tmp_path.iterdir() if b"Lovelace" in path.read_bytes()] == []
