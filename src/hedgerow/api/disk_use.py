"""How much of the disk the data folder takes."""

import os
from pathlib import Path
from typing import Final

from hedgerow.core.clock import Clock
from hedgerow.settings import Settings

_FRESH_SECONDS: Final = 5.0


class DiskUse:
    """Sizes in bytes, looked up at most every five seconds: a store has many files."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._measured_at = float("-inf")
        self._sizes: dict[str, int] = {}

    def sizes(self) -> dict[str, int]:
        """Of log, directory and store, and what is free (blocking)."""
        now = self._clock.monotonic_seconds()
        if now - self._measured_at >= _FRESH_SECONDS:
            self._sizes = self._measure()
            self._measured_at = now
        return self._sizes

    def _measure(self) -> dict[str, int]:
        settings = self._settings
        directory = settings.directory_path
        free = os.statvfs(settings.data)
        files = directory.parent.glob(f"{directory.name}*")
        return {
            "log": folder_bytes(settings.log_folder),
            "directory": sum(path.stat().st_size for path in files),
            "store": folder_bytes(settings.store_folder),
            "free": free.f_bavail * free.f_frsize,
        }


def folder_bytes(folder: Path) -> int:
    """The size of all files below; a file that goes away meanwhile counts nothing."""
    total = 0
    for root, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.lstat(os.path.join(root, name)).st_size
            except FileNotFoundError:
                continue
    return total
