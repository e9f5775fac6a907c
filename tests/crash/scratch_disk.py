"""A real ext4 whose power can be cut, as a forced shutdown of the file system."""

import fcntl
import os
import struct
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

# _IOR('X', 125, u32), of ext4 and xfs. 2: without flushing the journal; 1: flushing it first.
SHUTDOWN = 0x8004587D


class ScratchDisk:
    """A small ext4 in a file, mounted; root only."""

    def __init__(self, folder: Path, size_mib: int = 64) -> None:
        self.size_mib = size_mib
        self.image = folder / "disk.img"
        self.mount_point = folder / "mnt"
        self.mount_point.mkdir()

    def make(self) -> bool:
        with self.image.open("wb") as image:
            image.truncate(self.size_mib * 1024 * 1024)
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


@contextmanager
def scratch_disk(folder: Path, size_mib: int = 64) -> Iterator[ScratchDisk]:
    """Mounted until the block ends. Skips the test where the machine allows none."""
    if os.geteuid() != 0:
        pytest.skip("power cuts NOT covered: they need root for a loop-mounted ext4")
    disk = ScratchDisk(folder, size_mib)
    try:
        if not disk.make():
            pytest.skip("power cuts NOT covered: no loop-mounted ext4 can be made here")
        yield disk
    finally:
        disk.unmount()
