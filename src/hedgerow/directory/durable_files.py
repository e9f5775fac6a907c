"""Files that survive a power cut: created, replaced and synced, their folder included.

A renamed file is durable only after its folder was synced (reliability §1, finding 6).
"""

import os
from pathlib import Path

OWNER_ONLY = 0o600


def sync_folder(folder: Path) -> None:
    """Make the folder's list of names durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def ensure_private_file(path: Path) -> None:
    """Create the file if it is missing; only its owner may read and write it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    existed = path.exists()
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, OWNER_ONLY)
    try:
        os.fchmod(descriptor, OWNER_ONLY)
    finally:
        os.close(descriptor)
    if not existed:
        sync_folder(path.parent)


def replace_private_file(path: Path, data: bytes) -> None:
    """Replace the file's content at once: a reader sees the old bytes or the new ones.

    Raises `OSError` when that fails; the old content then stays.
    """
    temporary = path.with_name(path.name + ".new")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWNER_ONLY)
    with os.fdopen(descriptor, "wb") as file:
        os.fchmod(file.fileno(), OWNER_ONLY)
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)
    sync_folder(path.parent)
