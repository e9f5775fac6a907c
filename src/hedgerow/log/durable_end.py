"""How far the log is durable, told by the writer to a reader in another process.

A small mapped file holds the position and its complement. The writer stores it after each sync,
so it is never ahead of the disk: ingest must not act on bytes that a power cut could take back.
"""

import mmap
import os
import struct
from pathlib import Path
from typing import Final

_FIELDS = struct.Struct("<QQ")
_ALL_ONES: Final = 0xFFFFFFFFFFFFFFFF
_READS_MAX: Final = 1000


def durable_end_path(folder: Path) -> Path:
    return folder / "durable-end"


def _map(path: Path, *, writable: bool) -> mmap.mmap:
    flags = os.O_RDWR | os.O_CREAT if writable else os.O_RDONLY
    descriptor = os.open(path, flags | os.O_CLOEXEC, 0o600)
    try:
        if writable and os.fstat(descriptor).st_size < _FIELDS.size:
            os.ftruncate(descriptor, _FIELDS.size)
        access = mmap.ACCESS_WRITE if writable else mmap.ACCESS_READ
        return mmap.mmap(descriptor, _FIELDS.size, access=access)
    finally:
        os.close(descriptor)


class DurableEndWriter:
    def __init__(self, folder: Path) -> None:
        self._map = _map(durable_end_path(folder), writable=True)

    def publish(self, position: int) -> None:
        _FIELDS.pack_into(self._map, 0, position, position ^ _ALL_ONES)

    def close(self) -> None:
        self._map.close()


class DurableEndReader:
    def __init__(self, folder: Path) -> None:
        self._path = durable_end_path(folder)
        self._map: mmap.mmap | None = None

    def read(self) -> int:
        """The position; 0 before the first writer has published one."""
        if self._map is None:
            try:
                self._map = _map(self._path, writable=False)
            except (FileNotFoundError, ValueError):
                return 0
        for _ in range(_READS_MAX):
            position, complement = _FIELDS.unpack_from(self._map, 0)
            if position ^ _ALL_ONES == complement:
                return int(position)
        # All zero (never published), or damaged: nothing can be said to be durable.
        return 0
