"""Power cuts of the log: a forced shutdown of a real ext4, with appends under way."""

import asyncio
import contextlib
import os
import random
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.crash.scratch_disk import ScratchDisk, scratch_disk

from hedgerow.log.reader import SegmentLogReader
from hedgerow.log.writer import SegmentLogWriter

TRIALS = 40

# Appends numbered payloads for ever; writes each acknowledged number to standard output.
APPENDER = textwrap.dedent(
    """
    import asyncio, itertools, os, sys
    from pathlib import Path
    from hedgerow.log.writer import SegmentLogWriter

    async def append_one_after_another(writer, numbers):
        for number in numbers:
            await writer.append(b"%d " % number + b"x" * 500)
            os.write(1, b"%d\\n" % number)

    async def main():
        writer = SegmentLogWriter.open(Path(sys.argv[1]), segment_bytes=64 * 1024)
        numbers = itertools.count(int(sys.argv[2]))
        await asyncio.gather(*(append_one_after_another(writer, numbers) for _ in range(8)))

    asyncio.run(main())
    """
)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[ScratchDisk]:
    with scratch_disk(tmp_path) as disk:
        yield disk


def numbers_in(folder: Path) -> list[int]:
    reader = SegmentLogReader(folder)
    found: list[int] = []
    position = reader.start
    while frames := reader.read(position, 1 << 20):
        found += [int(frame.payload.split(b" ", 1)[0]) for frame in frames]
        position = frames[-1].next_position
    reader.close()
    return found


def available(descriptor: int) -> bytes:
    """What can be read now. Only this was acknowledged before the cut: after it the emulation
    lets the process run on, which no real power cut does.
    """
    os.set_blocking(descriptor, False)
    lines = b""
    with contextlib.suppress(BlockingIOError):
        while more := os.read(descriptor, 1 << 16):
            lines += more
    return lines


async def recover(folder: Path) -> None:
    writer = SegmentLogWriter.open(folder, segment_bytes=64 * 1024)
    await writer.close()


@pytest.mark.timeout(300)
def test_nothing_acknowledged_is_lost_to_a_power_cut(disk: ScratchDisk) -> None:
    chance = random.Random(1)
    folder = disk.mount_point / "log"
    acknowledged: set[int] = set()
    for trial in range(TRIALS):
        appender = subprocess.Popen(
            [sys.executable, "-c", APPENDER, str(folder), str(trial * 1_000_000)],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
        )
        assert appender.stdout is not None
        lines = appender.stdout.readline()
        time.sleep(chance.uniform(0.0, 0.1))
        lines += available(appender.stdout.fileno())
        disk.cut_power(flush_journal=trial % 2 == 0)
        appender.kill()
        appender.wait()
        # A line may have been cut off in its middle.
        acknowledged.update(int(line) for line in lines.split(b"\n")[:-1])
        disk.unmount()
        assert disk.mount()
        asyncio.run(recover(folder))
        stored = numbers_in(folder)
        assert len(stored) == len(set(stored)), "a record came back twice"
        assert acknowledged <= set(stored), f"trial {trial}: acknowledged records are gone"
    assert len(acknowledged) > 10 * TRIALS, "the trials cut too early to prove anything"
