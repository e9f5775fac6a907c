"""The snapshot of project keys that the core publishes for the edge: its format, without I/O.

One JSON object: version, the sorted keys and a CRC-32 over them. There is exactly one encoding of
a set of keys, so a reader notices every changed byte.
"""

import zlib
from collections.abc import Iterable

import msgspec
from msgspec import Struct

SNAPSHOT_VERSION = 1


class _Snapshot(Struct, frozen=True):
    version: int
    project_keys: list[str]
    crc: int


def encode_snapshot(project_keys: Iterable[str]) -> bytes:
    """The file's bytes; the order and repetition of `project_keys` do not matter."""
    keys = sorted(set(project_keys))
    return msgspec.json.encode(_Snapshot(SNAPSHOT_VERSION, keys, _checksum(keys)))


def decode_snapshot(data: bytes) -> frozenset[str]:
    """The keys in `data`. Raises `ValueError` when it is damaged or of another version."""
    try:
        snapshot = msgspec.json.decode(data, type=_Snapshot)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise ValueError(f"the snapshot of project keys is not readable: {error}") from error
    if snapshot.version != SNAPSHOT_VERSION:
        raise ValueError(f"the snapshot of project keys has unknown version {snapshot.version}")
    if snapshot.crc != _checksum(snapshot.project_keys):
        raise ValueError("the snapshot of project keys does not pass its checksum")
    if encode_snapshot(snapshot.project_keys) != data:
        raise ValueError("the snapshot of project keys is not in its one encoding")
    return frozenset(snapshot.project_keys)


def _checksum(keys: list[str]) -> int:
    return zlib.crc32(msgspec.json.encode(keys))
