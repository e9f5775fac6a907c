"""The key by which the command line on this machine reads: a file that only its owner can read."""

import os
import secrets
from pathlib import Path


def local_key_path(data: Path) -> Path:
    return data / "local-key"


def ensure_local_key(data: Path) -> str:
    """The key of this folder, made at the first start."""
    path = local_key_path(data)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii")
    key = "phl_" + secrets.token_urlsafe(32)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(key)
    return key
