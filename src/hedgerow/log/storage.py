"""The log's only way to the disk, so that tests can make any operation fail or record its order."""

import os
from pathlib import Path


class Storage:
    """Plain file operations, all blocking, all raising `OSError`."""

    def open(self, path: Path, flags: int) -> int:
        return os.open(path, flags | os.O_CLOEXEC, 0o600)

    def close(self, descriptor: int) -> None:
        os.close(descriptor)

    def write_at(self, descriptor: int, buffers: list[bytes], offset: int) -> int:
        """Write the buffers one after the other; returns how many bytes were written."""
        return os.pwritev(descriptor, buffers, offset)

    def read_at(self, descriptor: int, length: int, offset: int) -> bytes:
        return os.pread(descriptor, length, offset)

    def sync_data(self, descriptor: int) -> None:
        os.fdatasync(descriptor)

    def sync(self, descriptor: int) -> None:
        os.fsync(descriptor)

    def truncate(self, descriptor: int, length: int) -> None:
        os.ftruncate(descriptor, length)

    def size(self, descriptor: int) -> int:
        return os.fstat(descriptor).st_size

    def free_bytes(self, descriptor: int) -> int:
        status = os.fstatvfs(descriptor)
        return status.f_bavail * status.f_frsize

    def unlink(self, path: Path) -> None:
        path.unlink()

    def rename(self, source: Path, target: Path) -> None:
        source.rename(target)

    def sync_folder(self, folder: Path) -> None:
        """Make created, renamed and removed names of the folder durable."""
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
