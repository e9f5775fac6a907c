"""Power cuts of the log: a forced shutdown of a real ext4, with appends under way."""

import asyncio
import contextlib
import fcntl
import os
import random
import struct
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from hedgerow.log.reader import SegmentLogReader
from hedgerow.log.writer import SegmentLogWriter

TRIALS = 40
# _IOR('X', 125, u32), of ext4 and xfs. 2: without flushing the journal; 1: flushing it first.
SHUTDOWN = 0x8004587D

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


class ScratchDisk:
    """A small ext4 in a file, mounted; root only."""

    def __init__(self, folder: Path) -> None:
        self.image = folder / "disk.img"
        self.mount_point = folder / "mnt"
        self.mount_point.mkdir()

    def make(self) -> bool:
        with self.image.open("wb") as image:
            image.truncate(64 * 1024 * 1024)
        made = subprocess.run(["mkfs.ext4", "-q", "-F", str(self.image)], check=False)
        return made.returncode == 0 and self.mount()

    def mount(self) -> bool:
        command = ["mount", "-o", "loop", str(self.image), str(self.mount_point)]
        return subprocess.run(command, check=False, capture_output=True).returncode == 0

    def cut_power(self, *, flush_journal: bool) -> None:
        descriptor = os.open(self.mount_point, os.O_RDONLY)
        try:
            fcntl.ioctl(descriptor, SHUTDOWN, struct.pack("I", 1 if flush_journal else 2))
        finally:
            os.close(descriptor)

    def unmount(self) -> None:
        for _ in range(100):
            done = subprocess.run(
                ["umount", str(self.mount_point)], check=False, capture_output=True
            )
            if done.returncode == 0:
                return
            time.sleep(0.02)
        subprocess.run(["umount", "-l", str(self.mount_point)], check=False)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[ScratchDisk]:
    if os.geteuid() != 0:
        pytest.skip("power cuts NOT covered: they need root for a loop-mounted ext4")
    disk = ScratchDisk(tmp_path)
    try:
        if not disk.make():
            pytest.skip("power cuts NOT covered: no loop-mounted ext4 can be made here")
        yield disk
    finally:
        disk.unmount()


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
