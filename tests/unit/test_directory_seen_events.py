import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from hedgerow.directory.batch import BatchEffects, DedupeKey
from hedgerow.directory.engine import Directory, open_directory
from hedgerow.directory.ingest_state import commit_batch, evict_dedupe_keys, seen_keys
from hedgerow.directory.schema import seen_event_days, seen_events
from hedgerow.directory.seen_events import DAY_US

# Few different keys, so that batches meet again.
keys = st.builds(
    DedupeKey,
    day=st.integers(-2, 2),
    key=st.integers(0, 9).map(lambda number: number.to_bytes(16, "big")),
)
batches = st.lists(st.tuples(st.lists(keys, max_size=8), st.integers(0, 3)), max_size=8)


@pytest.fixture
def directory(tmp_path: Path) -> Iterator[Directory]:
    opened = open_directory(tmp_path / "directory.sqlite")
    yield opened
    opened.close()


def remember(directory: Directory, some: list[DedupeKey], received_day: int) -> None:
    effects = BatchEffects(position=1, now_us=received_day * DAY_US + 1, dedupe_keys=some)
    commit_batch(directory, effects)


def key(number: int, day: int = 20_000) -> DedupeKey:
    return DedupeKey(day, number.to_bytes(16, "big"))


@settings(max_examples=25, deadline=None)
@given(batches, st.lists(keys), st.integers(0, 4), st.integers(1, 5))
def test_the_directory_remembers_exactly_what_a_set_would(
    committed: list[tuple[list[DedupeKey], int]],
    asked: list[DedupeKey],
    received_before_day: int,
    rows_max: int,
) -> None:
    model: dict[DedupeKey, int] = {}
    with tempfile.TemporaryDirectory() as folder:
        directory = open_directory(Path(folder) / "directory.sqlite")
        for batch, received_day in committed:
            assert seen_keys(directory, batch) == set(batch) & model.keys()
            remember(directory, batch, received_day)
            for each in batch:
                model.setdefault(each, received_day)
        assert seen_keys(directory, asked) == set(asked) & model.keys()
        evicted = 0
        while count := evict_dedupe_keys(directory, received_before_day, rows_max):
            assert count <= rows_max
            evicted += count
        kept = {each for each, day in model.items() if day >= received_before_day}
        assert seen_keys(directory, model.keys()) == kept
        assert evicted == len(model) - len(kept)
        directory.close()


def test_the_same_bytes_on_another_day_are_another_event(directory: Directory) -> None:
    remember(directory, [key(1, day=5)], received_day=5)
    assert seen_keys(directory, [key(1, day=5), key(1, day=6)]) == {key(1, day=5)}


def test_more_keys_than_one_statement_holds_are_found(directory: Directory) -> None:
    many = [key(number) for number in range(5_000)]
    remember(directory, many, received_day=20_000)
    assert seen_keys(directory, [key(number) for number in range(7_000)]) == set(many)
    assert seen_keys(directory, []) == set()


def test_forgetting_is_bounded_and_leaves_nothing_behind(directory: Directory) -> None:
    remember(directory, [key(number, day=number % 3) for number in range(10)], received_day=3)
    remember(directory, [key(number, day=0) for number in range(100, 105)], received_day=9)
    counts = [evict_dedupe_keys(directory, 9, rows_max=4) for _ in range(4)]
    assert counts == [4, 4, 2, 0]
    with directory.read() as connection:
        assert connection.execute(select(func.count()).select_from(seen_events)).scalar() == 5
        assert connection.execute(select(seen_event_days)).all() == [(9, 0)]
