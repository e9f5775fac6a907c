"""The key by which the command line on this machine reads: a file that only its owner can read."""

import os
import secrets
from pathlib import Path
from typing import Final

_PREFIX: Final = "phl_"


def local_key_path(data: Path) -> Path:
    return data / "local-key"


def ensure_local_key(data: Path) -> str:
    """The key of this folder, made at the first start."""
    path = local_key_path(data)
    found = path.read_text(encoding="ascii") if path.exists() else ""
    # A file that a crash left empty must not turn the empty text into a key.
    return found if found.startswith(_PREFIX) else _written(path)


def _written(path: Path) -> str:
    """Under another name first, so that a reader never sees half a key."""
    key = _PREFIX + secrets.token_urlsafe(32)
    unfinished = path.with_name(f"{path.name}.new")
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(key)
    unfinished.replace(path)
    return key
