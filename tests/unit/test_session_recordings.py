"""What recordings leave behind in the store, and when it leaves."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from msgspec import Raw

from hedgerow.ingest.recording_items import ItemCounts
from hedgerow.store.recording_rows import RecordingChunk
from hedgerow.store.session_recordings import SessionRecordingStore

DAY_US = 86_400_000_000
NOW_US = 1_700_000_000_000_000
Chunk = Callable[..., RecordingChunk]


@pytest.fixture
def chunk(request: pytest.FixtureRequest) -> Chunk:
    """Chunks of a project that no other test has."""
    project_id = 700_000 + abs(hash(request.node.name)) % 100_000
    plain = RecordingChunk(
        project_id=project_id,
        session_id="s",
        chunk_id="c",
        window_id="w",
        distinct_id="u",
        source="web",
        library="web",
        received_at_us=NOW_US,
        first_us=NOW_US,
        last_us=NOW_US + 1_000_000,
        items=1,
        clicks=1,
        key_presses=0,
        mouse_moves=0,
        console_messages=0,
        console_errors=0,
        first_url="",
        raw_bytes=100,
        data=b"0123456789",
        log_position=1,
    )
    return lambda **changes: replace(plain, **changes)


def test_a_chunk_inserted_again_changes_no_answer(
    recording_store: SessionRecordingStore, chunk: Chunk
) -> None:
    project_id = chunk().project_id
    recording_store.insert([chunk(), chunk(chunk_id="d")])
    before = recording_store.summary(project_id, "s")

    recording_store.insert([chunk(), chunk(log_position=9)])

    assert before is not None
    assert (before.chunks, before.clicks, before.stored_bytes) == (2, 2, 20)
    assert recording_store.summary(project_id, "s") == before
    assert recording_store.stored_bytes(project_id) == 20


def test_chunks_of_two_months_are_one_session(
    recording_store: SessionRecordingStore, chunk: Chunk
) -> None:
    later = NOW_US + 30 * DAY_US
    recording_store.insert(
        [chunk(), chunk(chunk_id="d", received_at_us=later, first_us=later, last_us=later)]
    )

    summary = recording_store.summary(chunk().project_id, "s")

    assert summary is not None
    assert summary.last_us - summary.first_us == 30 * DAY_US
    assert [
        item.window_id
        for item in recording_store.chunks(chunk().project_id, "s", offset=0, limit=9)
    ] == ["w", "w"]


def test_old_chunks_leave_and_those_of_other_projects_stay(
    recording_store: SessionRecordingStore, chunk: Chunk
) -> None:
    project_id = chunk().project_id
    other = chunk(project_id=project_id + 100_000)
    recording_store.insert([chunk(), chunk(chunk_id="d", received_at_us=NOW_US + DAY_US), other])

    first = recording_store.delete_received_before(project_id, NOW_US + 1)
    again = recording_store.delete_received_before(project_id, NOW_US + 1)

    assert (first, again) == (1, 0)
    assert recording_store.chunk_sizes(project_id, "s") == [100]
    assert recording_store.chunk_sizes(other.project_id, "s") == [100]


def test_a_deleted_session_stays_away_and_its_bytes_are_gone(
    recording_store: SessionRecordingStore, chunk: Chunk
) -> None:
    project_id = chunk().project_id
    recording_store.insert([chunk(), chunk(session_id="kept")])

    recording_store.delete(project_id, "s", NOW_US)

    assert recording_store.stored_bytes(project_id) == 10
    assert recording_store.is_deleted(project_id, "s")
    assert not recording_store.is_deleted(project_id, "kept")
    recording_store.insert([chunk()])
    assert recording_store.summary(project_id, "s") is None
    assert [item.session_id for item in recording_store.summaries(project_id, limit=9)] == ["kept"]


def counted(*items: object, source: str = "web") -> ItemCounts:
    counts = ItemCounts(source)
    for item in items:
        counts.add(Raw(json.dumps(item).encode()))
    return counts


def test_items_are_counted_by_what_people_did() -> None:
    counts = counted(
        {"type": 4, "timestamp": 1_790_000_000_500, "data": {"href": "https://a"}},
        {"type": 4, "timestamp": 1_790_000_000_000, "data": {"href": "https://b"}},
        {"type": 3, "timestamp": 1_790_000_009_000, "data": {"source": 2, "type": 2}},
        {"type": 3, "timestamp": 1, "data": {"source": 2, "type": 1}},
        {"type": 3, "data": {"source": 5}},
        {"type": 3, "data": {"source": 1}},
        {"type": 6, "data": {"plugin": "rrweb/console@1", "payload": {"level": "error"}}},
        {"type": 6, "data": {"plugin": "rrweb/console@1", "payload": "log"}},
        {"type": 6, "data": {"plugin": "other"}},
    )

    assert (counts.first_ms, counts.last_ms) == (1_790_000_000_000, 1_790_000_009_000)
    assert (counts.clicks, counts.key_presses, counts.mouse_moves) == (1, 1, 1)
    assert (counts.console_messages, counts.console_errors) == (2, 1)
    assert counts.first_url == "https://a"


@pytest.mark.parametrize("item", [None, 7, "x", [], {}, {"type": "x"}, {"type": 3, "data": "gz"}])
def test_an_item_of_another_shape_counts_as_one_without_time(item: object) -> None:
    assert counted(item) == ItemCounts("web", without_time=1)


@pytest.mark.parametrize(("source", "clicks"), [("mobile", 2), ("web", 1)])
def test_a_tap_counts_once_wherever_it_was_made(source: str, clicks: int) -> None:
    """A browser reports it as a touch and a click, a phone as the touch alone."""
    touches = [{"type": 3, "data": {"source": 2, "type": kind}} for kind in (7, 9, 7, 9, 2)]

    assert counted(*touches, source=source).clicks == clicks
