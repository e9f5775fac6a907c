"""The log on real files: what was acknowledged is read back, whatever fails in between."""

import asyncio
import errno
import os
from pathlib import Path

import pytest

from hedgerow.core.errors import LogCorruptError, LogFailedError, LogFullError, UserError
from hedgerow.log.reader import SegmentLogReader
from hedgerow.log.recovery import verify
from hedgerow.log.retention import delete_released
from hedgerow.log.segments import SEGMENT_HEADER_BYTES, list_segments
from hedgerow.log.storage import Storage
from hedgerow.log.writer import SegmentLogWriter


class FaultyStorage(Storage):
    """Fails the n-th call of one operation, and writes down the order of all."""

    def __init__(self, operation: str = "", nth: int = 0, code: int = errno.EIO) -> None:
        self.operations: list[str] = []
        self._operation, self._nth, self._code = operation, nth, code

    def _passes(self, operation: str) -> None:
        self.operations.append(operation)
        if operation == self._operation and self.operations.count(operation) == self._nth:
            raise OSError(self._code, os.strerror(self._code))

    def write_at(self, descriptor: int, buffers: list[bytes], offset: int) -> int:
        self._passes("write_at")
        return super().write_at(descriptor, buffers, offset)

    def sync_data(self, descriptor: int) -> None:
        self._passes("sync_data")
        super().sync_data(descriptor)

    def sync(self, descriptor: int) -> None:
        self._passes("sync")
        super().sync(descriptor)

    def rename(self, source: Path, target: Path) -> None:
        self._passes("rename")
        super().rename(source, target)

    def sync_folder(self, folder: Path) -> None:
        self._passes("sync_folder")
        super().sync_folder(folder)


def read_all(folder: Path) -> list[bytes]:
    reader = SegmentLogReader(folder)
    payloads: list[bytes] = []
    position = 0
    while frames := reader.read(position, 1 << 16):
        payloads += [frame.payload for frame in frames]
        position = frames[-1].next_position
    assert position == reader.end()
    reader.close()
    return payloads


async def append_all(writer: SegmentLogWriter, payloads: list[bytes]) -> list[bytes]:
    """The acknowledged ones."""
    acknowledged = []
    for payload in payloads:
        try:
            await writer.append(payload)
        except (LogFullError, LogFailedError):
            continue
        acknowledged.append(payload)
    return acknowledged


def fill(folder: Path, payloads: list[bytes], segment_bytes: int = 1 << 20) -> None:
    async def run() -> None:
        writer = SegmentLogWriter.open(folder, segment_bytes=segment_bytes)
        await append_all(writer, payloads)
        await writer.close()

    asyncio.run(run())


def test_everything_appended_is_read_back_in_order_across_segments(tmp_path: Path) -> None:
    payloads = [f"payload {number}".encode() for number in range(500)]

    fill(tmp_path, payloads, segment_bytes=1000)

    assert len(list_segments(tmp_path)) > 10
    assert read_all(tmp_path) == payloads


def test_appends_waiting_together_share_one_sync(tmp_path: Path) -> None:
    storage = FaultyStorage()

    async def run() -> None:
        writer = SegmentLogWriter.open(tmp_path, storage=storage)
        await asyncio.gather(*(writer.append(b"x") for _ in range(100)))
        await writer.close()

    asyncio.run(run())

    assert storage.operations.count("sync_data") <= 2
    assert len(read_all(tmp_path)) == 100


def test_a_new_segment_is_synced_before_its_name_and_its_name_before_use(tmp_path: Path) -> None:
    storage = FaultyStorage()

    SegmentLogWriter.open(tmp_path, storage=storage)

    first = storage.operations.index("write_at")
    assert storage.operations[first : first + 8] == [
        *("write_at", "sync", "rename", "sync_folder"),
        *("write_at", "sync", "rename", "sync_folder"),
    ]


@pytest.mark.parametrize("nth", range(1, 11))
@pytest.mark.parametrize("operation", ["sync_data", "write_at"])
def test_a_failing_disk_ends_the_log_and_nobody_is_acknowledged_falsely(
    tmp_path: Path, operation: str, nth: int
) -> None:
    fill(tmp_path, [b"before"])
    payloads = [f"payload {number}".encode() for number in range(20)]

    async def run() -> list[bytes]:
        writer = SegmentLogWriter.open(tmp_path, storage=FaultyStorage(operation, nth))
        acknowledged = await append_all(writer, payloads)
        await writer.close()
        return acknowledged

    acknowledged = asyncio.run(run())

    assert acknowledged == payloads[: nth - 1]
    fill(tmp_path, [b"after the restart"])
    stored = read_all(tmp_path)
    assert stored[:nth] == [b"before", *acknowledged]
    assert stored[-1] == b"after the restart"


@pytest.mark.parametrize("nth", range(1, 6))
def test_a_full_disk_refuses_and_the_log_goes_on_when_there_is_space(
    tmp_path: Path, nth: int
) -> None:
    fill(tmp_path, [b"before"])
    payloads = [f"payload {number}".encode() for number in range(10)]

    async def run() -> list[bytes]:
        storage = FaultyStorage("write_at", nth, errno.ENOSPC)
        writer = SegmentLogWriter.open(tmp_path, storage=storage)
        acknowledged = await append_all(writer, payloads)
        await writer.close()
        return acknowledged

    acknowledged = asyncio.run(run())

    assert acknowledged == payloads[: nth - 1] + payloads[nth:]
    assert read_all(tmp_path) == [b"before", *acknowledged]


def test_less_than_the_reserve_free_refuses_before_the_disk_is_full(tmp_path: Path) -> None:
    async def run() -> list[bytes]:
        writer = SegmentLogWriter.open(tmp_path, reserve_bytes=1 << 60)
        acknowledged = await append_all(writer, [b"x"])
        await writer.close()
        return acknowledged

    assert asyncio.run(run()) == []


def test_every_truncation_of_the_last_frame_keeps_the_frames_before(tmp_path: Path) -> None:
    fill(tmp_path, [b"first", b"second", b"third and last"])
    path = list_segments(tmp_path)[0].path
    content = path.read_bytes()
    last_frame = content.rindex(b"HGRF")
    for length in range(last_frame, len(content)):
        path.write_bytes(content[:length])
        # A power cut takes the unsynced end back with the frame.
        (tmp_path / "durable-end").unlink(missing_ok=True)
        fill(tmp_path, [])
        assert read_all(tmp_path) == [b"first", b"second"]
        assert path.stat().st_size == last_frame


@pytest.mark.parametrize("tail", [bytes(5000), b"HGRF" + bytes(3), b"garbage" * 99], ids=len)
def test_a_torn_tail_of_any_kind_is_cut_and_the_log_goes_on(tmp_path: Path, tail: bytes) -> None:
    fill(tmp_path, [b"first"])
    path = list_segments(tmp_path)[0].path
    path.write_bytes(path.read_bytes() + tail)

    fill(tmp_path, [b"second"])

    assert read_all(tmp_path) == [b"first", b"second"]


def test_every_flipped_bit_of_a_segment_is_found_and_no_wrong_payload_is_read(
    tmp_path: Path,
) -> None:
    payloads = [b"first payload", b"second payload", b"third payload"]
    fill(tmp_path, payloads)
    path = list_segments(tmp_path)[0].path
    content = path.read_bytes()
    for bit in range(len(content) * 8):
        flipped = bytearray(content)
        flipped[bit // 8] ^= 1 << (bit % 8)
        path.write_bytes(bytes(flipped))
        assert verify(tmp_path), bit
        if bit // 8 >= SEGMENT_HEADER_BYTES:
            with pytest.raises(LogCorruptError):
                read_all(tmp_path)


def test_damage_to_durable_frames_stops_the_writer_and_changes_nothing(tmp_path: Path) -> None:
    fill(tmp_path, [b"first", b"second", b"third"])
    path = list_segments(tmp_path)[0].path
    damaged = path.read_bytes().replace(b"second", b"sEcond")
    path.write_bytes(damaged)

    with pytest.raises(LogCorruptError, match="durable up to"):
        SegmentLogWriter.open(tmp_path)
    assert path.read_bytes() == damaged


def test_frames_after_a_damaged_one_are_still_found(tmp_path: Path) -> None:
    fill(tmp_path, [b"first", b"second", b"third"])
    path = list_segments(tmp_path)[0].path
    content = path.read_bytes()
    path.write_bytes(content.replace(b"second", b"sEcond"))

    (bad,) = verify(tmp_path)

    assert bad.start == content.index(b"HGRF", SEGMENT_HEADER_BYTES + 4)
    assert bad.end == content.rindex(b"HGRF")


def test_a_reader_never_passes_the_durable_end(tmp_path: Path) -> None:
    fill(tmp_path, [b"durable"])
    path = list_segments(tmp_path)[0].path
    path.write_bytes(path.read_bytes() + bytes(100))

    assert read_all(tmp_path) == [b"durable"]


def test_an_empty_log_is_read_to_its_end(tmp_path: Path) -> None:
    fill(tmp_path, [])

    assert SegmentLogReader(tmp_path).end() == 0
    assert read_all(tmp_path) == []


def test_a_reader_takes_no_more_than_it_was_asked_for(tmp_path: Path) -> None:
    fill(tmp_path, [b"x" * 60_000] * 50, segment_bytes=10**9)
    reader = SegmentLogReader(tmp_path)

    for bytes_max in (1, 59_999, 60_001, 150_000):
        frames = reader.read(0, bytes_max)
        assert sum(len(frame.payload) for frame in frames) < bytes_max + 60_000 + 1


def test_a_second_writer_on_the_same_log_is_refused(tmp_path: Path) -> None:
    SegmentLogWriter.open(tmp_path)

    with pytest.raises(UserError, match="Another process"):
        SegmentLogWriter.open(tmp_path)


def test_retention_deletes_only_what_was_released_and_is_old(tmp_path: Path) -> None:
    fill(tmp_path, [b"x" * 100] * 50, segment_bytes=1000)
    segments = list_segments(tmp_path)

    def keep_nothing(released: int) -> int:
        return delete_released(tmp_path, released, keep_us=-1, bytes_max=0, now_us=10**18)

    assert keep_nothing(0) == 0
    assert (
        delete_released(tmp_path, segments[2].base, keep_us=10**18, bytes_max=10**9, now_us=0) == 0
    )
    assert keep_nothing(segments[2].base) == 2
    assert list_segments(tmp_path)[0].base == segments[2].base
    assert keep_nothing(10**12) == len(segments) - 3
