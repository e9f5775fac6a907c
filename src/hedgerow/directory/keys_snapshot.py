"""Publishes the project keys for the edge, which never opens the directory itself."""

from collections.abc import Iterable
from pathlib import Path

from hedgerow.directory.durable_files import replace_private_file
from hedgerow.wire.keys_snapshot import encode_snapshot


def publish_keys_snapshot(path: Path, tokens: Iterable[str]) -> None:
    """Durably replace the snapshot at `path`. Raises `OSError`; the old snapshot then stays."""
    replace_private_file(path, encode_snapshot(tokens))
