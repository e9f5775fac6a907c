"""Deletes segments that have been ingested and are older or larger in all than is kept."""

from pathlib import Path

from hedgerow.log.segments import list_segments
from hedgerow.log.storage import Storage


def delete_released(  # noqa: PLR0913 - each keyword is one limit
    folder: Path,
    released: int,
    *,
    keep_us: int,
    bytes_max: int,
    now_us: int,
    storage: Storage | None = None,
) -> int:
    """Delete whole segments below `released`, oldest first; returns how many (blocking).

    A segment goes when it was last written more than `keep_us` ago, or while all segments
    together are larger than `bytes_max`. The one being written and what is unread always stay.
    """
    storage = storage or Storage()
    segments = list_segments(folder)
    sizes = [segment.path.stat().st_size for segment in segments]
    total = sum(sizes)
    deleted = 0
    for segment, following, size in zip(segments, segments[1:], sizes, strict=False):
        if following.base > released:
            break
        age_us = now_us - segment.path.stat().st_mtime_ns // 1000
        if age_us <= keep_us and total <= bytes_max:
            break
        storage.unlink(segment.path)
        total -= size
        deleted += 1
    if deleted:
        storage.sync_folder(folder)
    return deleted
