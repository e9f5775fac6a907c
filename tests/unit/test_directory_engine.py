import importlib
import pkgutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import insert, select, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import IntegrityError
from sqlalchemy.schema import CreateTable

import hedgerow.directory
from hedgerow.core.errors import UserError
from hedgerow.directory import schema
from hedgerow.directory.dialect import insert_or_change, insert_or_keep, json_text
from hedgerow.directory.engine import Directory, apply_connection_settings, open_directory
from hedgerow.directory.projects import create_project, list_projects

# The tables of every subject register themselves in the one metadata.
for module in pkgutil.iter_modules(hedgerow.directory.__path__):
    if module.name.endswith("_schema"):
        importlib.import_module(f"hedgerow.directory.{module.name}")


@pytest.fixture
def directory(tmp_path: Path) -> Iterator[Directory]:
    opened = open_directory(tmp_path / "directory.sqlite")
    yield opened
    opened.close()


def pragma(directory: Directory, name: str) -> object:
    with directory.read() as connection:
        return connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()


def test_the_settings_that_make_a_commit_survive_a_power_cut_are_in_force(
    directory: Directory,
) -> None:
    assert pragma(directory, "journal_mode") == "wal"
    assert pragma(directory, "synchronous") == 2
    assert pragma(directory, "foreign_keys") == 1
    assert pragma(directory, "busy_timeout") == 10_000


def test_a_database_without_a_write_ahead_log_is_refused_and_the_setting_named() -> None:
    connection = sqlite3.connect(":memory:")
    with pytest.raises(UserError, match="journal_mode=wal but has memory"):
        apply_connection_settings(connection)
    connection.close()


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "directory.sqlite"
    path.write_bytes(b"this is a text, not a database" * 100)
    with pytest.raises(UserError, match="cannot be opened"):
        open_directory(path)


def test_only_the_owner_may_read_the_files(tmp_path: Path) -> None:
    path = tmp_path / "made" / "directory.sqlite"
    path.parent.mkdir()
    path.touch(mode=0o644)
    directory = open_directory(path)
    create_project(directory, name="one", now_us=1)
    modes = {file.name: oct(file.stat().st_mode & 0o777) for file in path.parent.iterdir()}
    directory.close()
    assert "directory.sqlite-wal" in modes
    assert set(modes.values()) == {"0o600"}


def test_a_missing_folder_is_made(tmp_path: Path) -> None:
    open_directory(tmp_path / "a" / "b" / "directory.sqlite").close()
    assert (tmp_path / "a" / "b" / "directory.sqlite").exists()


def test_opening_again_keeps_what_is_there(tmp_path: Path) -> None:
    path = tmp_path / "directory.sqlite"
    first = open_directory(path)
    project = create_project(first, name="one", now_us=1)
    first.close()
    second = open_directory(path)
    assert list_projects(second) == [project]
    second.close()


def test_a_start_with_a_current_schema_does_not_load_the_migrations(tmp_path: Path) -> None:
    path = tmp_path / "directory.sqlite"
    open_directory(path).close()
    program = (
        "import sys, pathlib; from hedgerow.directory.engine import open_directory;"
        f"open_directory(pathlib.Path({str(path)!r})).close(); print('alembic' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        check=True,
        capture_output=True,
        text=True,
        env={"PYTHONPATH": ":".join(sys.path)},
    )
    assert done.stdout.strip() == "False"


def test_the_migrations_make_exactly_the_tables_of_the_schema(directory: Directory) -> None:
    with directory.read() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, schema.metadata) == []


def test_the_schema_names_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", "hedgerow.directory:migrations")
    assert ScriptDirectory.from_config(config).get_heads() == [schema.SCHEMA_REVISION]


def test_a_file_of_a_newer_version_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "directory.sqlite"
    directory = open_directory(path)
    with directory.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    directory.close()
    before = path.read_bytes()
    with pytest.raises(UserError, match=r"'9999'.*newer version of Hedgerow"):
        open_directory(path)
    assert path.read_bytes() == before


def test_an_interrupted_first_start_is_made_good_by_the_next(tmp_path: Path) -> None:
    path = tmp_path / "directory.sqlite"
    path.touch()
    directory = open_directory(path)
    assert list_projects(directory) == []
    directory.close()


def test_what_a_failing_block_wrote_is_undone(directory: Directory) -> None:
    def write_and_fail() -> None:
        with directory.write() as connection:
            connection.execute(
                insert(schema.projects).values(name="one", api_token="phc_1", created_at_us=1)
            )
            raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError):
        write_and_fail()
    assert list_projects(directory) == []


def test_foreign_keys_are_enforced(directory: Directory) -> None:
    statement = insert(schema.personal_keys).values(
        label="x", key_hash=b"h", project_id=7, last_four="abcd", created_at_us=1
    )
    with pytest.raises(IntegrityError), directory.write() as connection:
        connection.execute(statement)


def test_a_reader_is_not_held_up_by_a_writer_and_sees_one_moment(directory: Directory) -> None:
    count = select(schema.projects.c.id)
    with directory.read() as reader:
        assert reader.execute(count).all() == []
        with directory.write() as writer:
            writer.execute(
                insert(schema.projects).values(name="one", api_token="phc_1", created_at_us=1)
            )
            with directory.read() as other:
                assert other.execute(count).all() == []
        assert reader.execute(count).all() == []
    assert len(list_projects(directory)) == 1


def test_writers_on_many_threads_all_succeed(directory: Directory) -> None:
    def write(number: int) -> None:
        for i in range(5):
            create_project(directory, name=f"{number}-{i}", now_us=1)
            list_projects(directory)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({project.api_token for project in list_projects(directory)}) == 40


def test_a_checkpoint_empties_the_write_ahead_log(tmp_path: Path) -> None:
    directory = open_directory(tmp_path / "directory.sqlite")
    create_project(directory, name="one", now_us=1)
    log = tmp_path / "directory.sqlite-wal"
    assert log.stat().st_size > 0
    directory.checkpoint()
    assert log.stat().st_size == 0
    assert directory.damages() == []
    directory.close()


def test_damage_in_the_file_is_found(tmp_path: Path) -> None:
    path = tmp_path / "directory.sqlite"
    directory = open_directory(path)
    for number in range(200):
        create_project(directory, name=f"{number}" * 20, now_us=1)
    with directory.read() as connection:
        index_page = connection.execute(
            text("SELECT rootpage FROM sqlite_master WHERE tbl_name='projects' AND type='index'")
        ).scalar_one()
    directory.close()
    data = bytearray(path.read_bytes())
    data[(index_page - 1) * 4096 + 100 : index_page * 4096] = bytes(3996)
    path.write_bytes(data)
    directory = open_directory(path)
    assert directory.damages() != []
    directory.close()


def test_the_same_schema_and_statements_serve_postgresql() -> None:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    for table in schema.metadata.sorted_tables:
        assert str(CreateTable(table).compile(dialect=dialect))
    keep = insert_or_keep(dialect, schema.seen_events)
    assert "ON CONFLICT (day, key) DO NOTHING" in str(keep.compile(dialect=dialect))
    count = schema.outcomes.c["count"]
    add = insert_or_change(dialect, schema.outcomes, lambda new: {"count": count + new["count"]})
    assert "SET count = (outcomes.count + excluded.count)" in str(add.compile(dialect=dialect))
    email = select(json_text(dialect, schema.persons.c.properties, "email"))
    assert "jsonb_extract_path_text" in str(email.compile(dialect=dialect))
