"""The data folder: made private, and used by one server at a time."""

import fcntl
import os
from pathlib import Path

from hedgerow.core.errors import UserError


class FolderLock:
    """Held for as long as a server uses the folder; released with the process."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def release(self) -> None:
        os.close(self._descriptor)


def prepare_folder(data: Path) -> None:
    """Make the folder, readable by its owner alone. Raises `UserError`."""
    try:
        data.mkdir(parents=True, exist_ok=True)
        data.chmod(0o700)
    except OSError as error:
        raise UserError(f"The data folder {data} cannot be used: {error.strerror}") from error


def lock_folder(data: Path) -> FolderLock:
    """Raises `UserError` when another server uses the folder."""
    descriptor = os.open(data / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise UserError(
            f"Another Hedgerow server is using the data folder {data.resolve()}. "
            "Stop it first, or choose another folder with --data."
        ) from None
    return FolderLock(descriptor)
