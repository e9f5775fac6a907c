"""Reads the log in order while the writer appends, in this process or another."""

import bisect
import os
from pathlib import Path

from hedgerow.core.errors import LogCorruptError
from hedgerow.log.contract import Frame
from hedgerow.log.durable_end import DurableEndReader
from hedgerow.log.frame import Damage, decode_frame
from hedgerow.log.segments import SEGMENT_HEADER_BYTES, Segment, list_segments

# Read at once; a frame that is larger is read again whole.
_CHUNK_BYTES = 4 * 1024 * 1024
_SMALLEST_READ_BYTES = 4096


class SegmentLogReader:
    """A `LogReader` on segment files. Not for use by several threads at once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._durable_end = DurableEndReader(folder)
        self._segments: list[Segment] = list_segments(folder)
        self._released = 0
        self._open: tuple[Segment, int] | None = None

    @property
    def start(self) -> int:
        self._segments = list_segments(self._folder)
        return self._segments[0].base if self._segments else 0

    @property
    def released(self) -> int:
        """What lies below this position may be deleted."""
        return self._released

    def end(self) -> int:
        return self._durable_end.read()

    def release(self, position: int) -> None:
        self._released = max(self._released, position)

    def read(self, position: int, bytes_max: int) -> list[Frame]:
        """See `LogReader.read`."""
        frames: list[Frame] = []
        total = 0
        end = self.end()
        while position < end and (not frames or total < bytes_max):
            segment, stop = self._segment_at(position, end)
            position = max(position, segment.first_frame)
            if position >= stop:
                # The rest of the log lies in the next segment, or nothing is durable here yet.
                if stop >= end:
                    break
                position = stop
                continue
            wanted = min(_CHUNK_BYTES, max(bytes_max - total, _SMALLEST_READ_BYTES))
            found = self._read_chunk(segment, position, stop, wanted)
            frames.extend(found)
            total += sum(len(frame.payload) for frame in found)
            position = found[-1].next_position
        return frames

    def _segment_at(self, position: int, end: int) -> tuple[Segment, int]:
        """The segment that holds `position`, and where its durable bytes stop."""
        index = self._index(position)
        # A newer segment may have been made since the listing.
        if index == len(self._segments) - 1:
            self._segments = list_segments(self._folder)
            index = self._index(position)
        if index < 0:
            oldest = self._segments[0].base if self._segments else end
            raise LogCorruptError(
                f"Position {position} is no longer in the log, which begins at {oldest}."
            )
        stop = self._segments[index + 1].base if index + 1 < len(self._segments) else end
        return self._segments[index], min(stop, end)

    def _index(self, position: int) -> int:
        return bisect.bisect_right(self._segments, position, key=lambda item: item.base) - 1

    def _read_chunk(self, segment: Segment, position: int, stop: int, wanted: int) -> list[Frame]:
        """At least one frame. Raises `LogCorruptError`: everything up to `stop` is durable."""
        length = min(stop - position, wanted)
        frames, damage = self._decode(segment, position, length)
        while not frames and damage is Damage.TRUNCATED and length < stop - position:
            # The frame is larger than what was read: read more until it is whole.
            length = min(length * 4, stop - position)
            frames, damage = self._decode(segment, position, length, frames_max=1)
        if not frames:
            reason = damage.value if damage else "nothing could be read"
            raise LogCorruptError(
                f"The log is damaged at position {position} (before {stop}): {reason}."
            )
        return frames

    def _decode(
        self, segment: Segment, position: int, length: int, frames_max: int | None = None
    ) -> tuple[list[Frame], Damage | None]:
        data = memoryview(os.pread(self._descriptor(segment), length, position - segment.base))
        frames: list[Frame] = []
        offset = 0
        while offset < len(data) and len(frames) != frames_max:
            decoded = decode_frame(data, offset, position + offset)
            if isinstance(decoded, Damage):
                return frames, decoded
            next_offset = offset + decoded.length_bytes
            frames.append(Frame(position + offset, position + next_offset, decoded.payload))
            offset = next_offset
        return frames, None

    def _descriptor(self, segment: Segment) -> int:
        if self._open is not None and self._open[0] == segment:
            return self._open[1]
        self.close()
        self._open = (segment, os.open(segment.path, os.O_RDONLY | os.O_CLOEXEC))
        return self._open[1]

    def close(self) -> None:
        if self._open is not None:
            os.close(self._open[1])
            self._open = None


assert SEGMENT_HEADER_BYTES < _CHUNK_BYTES
