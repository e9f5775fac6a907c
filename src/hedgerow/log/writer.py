"""The single writer of the log: group commit with one sync for all who wait.

While one group is being written and synced in a thread, the next gathers. The time of a sync is
the linger, so a lone request waits for nothing.
"""

import asyncio
import errno
import fcntl
import os
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from hedgerow.core import limits
from hedgerow.core.errors import LogFailedError, LogFullError, UserError
from hedgerow.log.durable_end import DurableEndReader, DurableEndWriter
from hedgerow.log.frame import FRAME_HEADER_BYTES, encode_frame_header
from hedgerow.log.recovery import RecoveryReport, read_log_id, recover, write_log_id
from hedgerow.log.segments import (
    LOG_ID_BYTES,
    SEGMENT_HEADER_BYTES,
    Segment,
    create_segment,
    list_segments,
    segment_path,
)
from hedgerow.log.storage import Storage

_FULL: Final = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EFBIG))
_FREE_CHECK_SECONDS: Final = 0.1
_FREE_CHECK_BYTES: Final = 8 * 1024 * 1024
# The most buffers one pwritev takes.
_BUFFERS_MAX: Final = 1024


@dataclass(slots=True)
class _Waiting:
    payload: bytes
    acknowledged: "asyncio.Future[int]"


@dataclass(slots=True)
class _OpenSegment:
    """The segment being written. `durable_bytes` of it are on stable storage."""

    base: int
    descriptor: int
    durable_bytes: int

    @property
    def end(self) -> int:
        """The position after the last durable frame, which may lie in the segment before."""
        if self.durable_bytes == SEGMENT_HEADER_BYTES:
            return self.base
        return self.base + self.durable_bytes


@dataclass(slots=True)
class _FreeSpace:
    """The free space of the disk, looked up at most every 100 ms or 8 MiB."""

    reserve_bytes: int
    checked_at: float = float("-inf")
    since_check_bytes: int = 0
    free_bytes: int = 0

    def allows(self, storage: Storage, descriptor: int, more_bytes: int) -> bool:
        self.since_check_bytes += more_bytes
        now = time.monotonic()
        stale = now - self.checked_at >= _FREE_CHECK_SECONDS
        if stale or self.since_check_bytes >= _FREE_CHECK_BYTES:
            self.free_bytes = storage.free_bytes(descriptor)
            self.checked_at, self.since_check_bytes = now, more_bytes
        return self.free_bytes - self.since_check_bytes >= self.reserve_bytes


@dataclass(slots=True)
class SegmentLogWriter:
    """A `LogWriter` on segment files. Use `SegmentLogWriter.open`."""

    folder: Path
    segment_bytes: int
    recovery: RecoveryReport
    _storage: Storage
    _log_id: bytes
    _segment: _OpenSegment
    _published: DurableEndWriter
    _lock_descriptor: int
    _space: _FreeSpace
    _failed: LogFailedError | None = None
    _waiting: list[_Waiting] = field(default_factory=list)
    _flusher: "asyncio.Task[None] | None" = None
    _thread: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(1, thread_name_prefix="log")
    )

    @classmethod
    def open(
        cls,
        folder: Path,
        *,
        segment_bytes: int = limits.SEGMENT_BYTES_MAX,
        reserve_bytes: int = 0,
        storage: Storage | None = None,
    ) -> "SegmentLogWriter":
        """Recover the log and make it ready (blocking).

        Raises `UserError` when another writer has it open, `LogCorruptError` when it is damaged
        before its tail, `OSError` when the disk refuses.
        """
        storage = storage or Storage()
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock_descriptor = _lock(folder)
        log_id = read_log_id(folder)
        segments = list_segments(folder)
        if log_id is None:
            log_id = os.urandom(LOG_ID_BYTES)
            write_log_id(storage, folder, log_id)
        if not segments:
            descriptor = create_segment(storage, folder, log_id, 0)
            segments = [Segment(0, segment_path(folder, 0))]
        else:
            descriptor = storage.open(segments[-1].path, os.O_RDWR)
        published_end = DurableEndReader(folder).read()
        report = recover(storage, segments[-1], descriptor, log_id, published_end)
        base = segments[-1].base
        segment = _OpenSegment(base, descriptor, report.end - base)
        published = DurableEndWriter(folder)
        published.publish(segment.end)
        return cls(
            folder=folder,
            segment_bytes=segment_bytes,
            recovery=report,
            _storage=storage,
            _log_id=log_id,
            _segment=segment,
            _published=published,
            _lock_descriptor=lock_descriptor,
            _space=_FreeSpace(reserve_bytes),
        )

    @property
    def end(self) -> int:
        return self._segment.end

    async def append(self, payload: bytes) -> int:
        """See `LogWriter.append`."""
        if self._failed is not None:
            raise self._failed
        acknowledged: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(payload, acknowledged))
        if self._flusher is None:
            self._flusher = asyncio.create_task(self._flush())
        return await acknowledged

    async def _flush(self) -> None:
        """Commit groups until nobody waits."""
        loop = asyncio.get_running_loop()
        try:
            while self._waiting:
                group = self._take_group()
                try:
                    payloads = [waiting.payload for waiting in group]
                    positions = await loop.run_in_executor(self._thread, self._commit, payloads)
                except (LogFullError, LogFailedError) as error:
                    _refuse(group, error)
                else:
                    for waiting, position in zip(group, positions, strict=True):
                        if not waiting.acknowledged.done():
                            waiting.acknowledged.set_result(position)
                if self._failed is not None:
                    _refuse(self._waiting, self._failed)
                    self._waiting = []
        finally:
            self._flusher = None

    def _take_group(self) -> list[_Waiting]:
        """All who wait, up to the size of one group; at least one."""
        total = 0
        for count, waiting in enumerate(self._waiting):
            total += len(waiting.payload)
            if count and total > limits.GROUP_COMMIT_BYTES_MAX:
                group, self._waiting = self._waiting[:count], self._waiting[count:]
                return group
        group, self._waiting = self._waiting, []
        return group

    def _commit(self, payloads: list[bytes]) -> list[int]:
        """Write one group and sync it once; in the log's own thread.

        A group never spans segments: its segment may grow past `segment_bytes` by one group.
        """
        segment = self._segment
        if segment.durable_bytes >= self.segment_bytes:
            segment = self._roll()
        buffers: list[bytes] = []
        positions, position = [], segment.base + segment.durable_bytes
        for payload in payloads:
            buffers += (encode_frame_header(position, payload), payload)
            positions.append(position)
            position += FRAME_HEADER_BYTES + len(payload)
        self._write(segment, buffers, position - positions[0])
        self._sync(segment)
        segment.durable_bytes = position - segment.base
        self._published.publish(position)
        return positions

    def _roll(self) -> _OpenSegment:
        """The next segment. Its base is where this one ends, so positions have no gap."""
        base = self._segment.base + self._segment.durable_bytes
        if not self._space.allows(self._storage, self._segment.descriptor, SEGMENT_HEADER_BYTES):
            raise LogFullError("less than the reserve is free on the log's disk")
        try:
            descriptor = create_segment(self._storage, self.folder, self._log_id, base)
        except OSError as error:
            if error.errno in _FULL:
                raise LogFullError(f"a new segment could not be made: {error.strerror}") from error
            raise self._fail("making a new segment", error) from error
        self._storage.close(self._segment.descriptor)
        self._segment = _OpenSegment(base, descriptor, SEGMENT_HEADER_BYTES)
        return self._segment

    def _write(self, segment: _OpenSegment, buffers: list[bytes], total_bytes: int) -> None:
        if not self._space.allows(self._storage, segment.descriptor, total_bytes):
            raise LogFullError("less than the reserve is free on the log's disk")
        offset = segment.durable_bytes
        try:
            for start in range(0, len(buffers), _BUFFERS_MAX):
                some = buffers[start : start + _BUFFERS_MAX]
                offset += self._write_fully(segment.descriptor, some, offset)
        except OSError as error:
            self._take_back(segment)
            if error.errno in _FULL:
                raise LogFullError(f"the log could not be written: {error.strerror}") from error
            raise self._fail("writing", error) from error

    def _write_fully(self, descriptor: int, buffers: list[bytes], offset: int) -> int:
        """A short write is continued; the disk says ENOSPC when nothing more fits."""
        total = sum(map(len, buffers))
        written = self._storage.write_at(descriptor, buffers, offset)
        if written == total:
            return total
        rest = b"".join(buffers)
        while written < total:
            more = self._storage.write_at(descriptor, [rest[written:]], offset + written)
            if more == 0:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            written += more
        return total

    def _take_back(self, segment: _OpenSegment) -> None:
        """Remove what was written of a group that failed: a half frame must not stay."""
        try:
            self._storage.truncate(segment.descriptor, segment.durable_bytes)
        except OSError as error:
            raise self._fail("taking back a failed write", error) from error

    def _sync(self, segment: _OpenSegment) -> None:
        """Once: after a failed sync the kernel may call lost pages clean (reliability §7.2)."""
        try:
            self._storage.sync_data(segment.descriptor)
        except OSError as error:
            raise self._fail("syncing", error) from error

    def _fail(self, action: str, error: OSError) -> LogFailedError:
        self._failed = LogFailedError(f"{action} the log failed: {error.strerror or error}")
        return self._failed

    async def close(self) -> None:
        """See `LogWriter.close`."""
        if self._flusher is not None:
            await self._flusher
        self._thread.shutdown(wait=True)
        self._storage.close(self._segment.descriptor)
        self._published.close()
        os.close(self._lock_descriptor)


def _refuse(group: list[_Waiting], error: LogFullError | LogFailedError) -> None:
    for waiting in group:
        if not waiting.acknowledged.done():
            waiting.acknowledged.set_exception(error)


def _lock(folder: Path) -> int:
    descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise UserError(f"Another process is writing to the log in {folder}.") from None
    return descriptor
