"""The data folder as a place: who may read it, is there room, does the disk keep what it says."""

import os
import stat
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from hedgerow.commands.doctor.finding import Finding, ok, warning, wrong
from hedgerow.commands.sizes import age, size
from hedgerow.core.clock import Clock
from hedgerow.log.segments import list_segments
from hedgerow.settings import Settings

_PRIVATE_NAMES: Final = (
    "directory.sqlite",
    "directory.sqlite-wal",
    "local-key",
    "project-keys.json",
    "log",
    "store",
)
_SYNCS: Final = 9
_SYNC_BYTES: Final = 4096
_SLOW_SYNC_MS: Final = 50.0
# Faster than any disk writes: what says it is done sooner has not written.
_IMPLAUSIBLE_SYNC_MS: Final = 0.005
# 2025-01-01T00:00:00Z, before the first version of this program.
_EARLIEST_TIME_US: Final = 1_735_689_600_000_000
_SKEW_SECONDS_MAX: Final = 60


def folder_checks(settings: Settings, clock: Clock) -> Iterator[Finding]:
    yield _permissions(settings.data)
    yield _owner(settings.data)
    yield _free_space(settings)
    yield _durable_writes(settings.data)
    yield _clock(settings, clock)


def _permissions(data: Path) -> Finding:
    if not _others_may(data):
        # Where nobody else can enter, the modes of what lies inside do not matter.
        return ok("permissions", "only the owner can read the data folder")
    exposed = [name for name in _PRIVATE_NAMES if _others_may(data / name)]
    return wrong(
        "permissions",
        f"others on this machine can enter the folder, and use {', '.join(exposed) or 'its names'}",
        f"chmod -R go-rwx {data}",
    )


def _others_may(path: Path) -> bool:
    return path.exists() and bool(stat.S_IMODE(path.stat().st_mode) & 0o077)


def _owner(data: Path) -> Finding:
    owner, user = data.stat().st_uid, os.geteuid()
    if owner == user:
        return ok("owner", "the data folder belongs to the user who asks")
    if user == 0:
        return ok("owner", f"the data folder belongs to user {owner}")
    return wrong(
        "owner",
        f"the data folder belongs to user {owner}, but you are {user}",
        "run Hedgerow, and this command, as the folder's owner",
    )


def _free_space(settings: Settings) -> Finding:
    status = os.statvfs(settings.data)
    free = status.f_bavail * status.f_frsize
    reserve = settings.disk_reserve_bytes
    found = f"{size(free)} free, {size(reserve)} of it in reserve"
    if free < reserve:
        return wrong(
            "free disk",
            f"{found}: capture answers 503",
            "free space, or lower HEDGEROW_LOG_RETENTION_BYTES or HEDGEROW_DISK_RESERVE_BYTES",
        )
    if free < 2 * reserve + 4 * settings.segment_bytes:
        return warning("free disk", found, "free space soon: below the reserve capture stops")
    return ok("free disk", found)


def _durable_writes(data: Path) -> Finding:
    """Writes and syncs a little, as the log does for each acknowledgement."""
    path = data / f"doctor-probe-{os.getpid()}"
    try:
        milliseconds = _sync_milliseconds(path)
    except OSError as error:
        return wrong(
            "durable writes",
            f"a file cannot be written and synced: {error.strerror}",
            "look at the disk, its mount options and its quota",
        )
    finally:
        path.unlink(missing_ok=True)
    found = f"a sync takes {milliseconds:.2f} ms (median of {_SYNCS})"
    if milliseconds > _SLOW_SYNC_MS:
        return warning("durable writes", found, "each answer waits for one: use a faster disk")
    if milliseconds < _IMPLAUSIBLE_SYNC_MS:
        return warning(
            "durable writes",
            f"{found}: too fast for a disk",
            "put the data on a disk; memory does not survive a power cut",
        )
    return ok("durable writes", found)


def _sync_milliseconds(path: Path) -> float:
    taken = []
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        for _ in range(_SYNCS):
            os.write(descriptor, bytes(_SYNC_BYTES))
            begun = time.perf_counter()
            os.fdatasync(descriptor)
            taken.append(time.perf_counter() - begun)
    finally:
        os.close(descriptor)
    return sorted(taken)[_SYNCS // 2] * 1000


def _clock(settings: Settings, clock: Clock) -> Finding:
    """Against the year this program was written in, and against what lies on the disk."""
    now_us = clock.now_us()
    todo = "set the clock, and keep it right with NTP"
    if now_us < _EARLIEST_TIME_US:
        return wrong("clock", "the clock is years behind", todo)
    segments = list_segments(settings.log_folder)
    newest_us = max((item.path.stat().st_mtime_ns // 1000 for item in segments), default=0)
    ahead_seconds = (newest_us - now_us) / 1_000_000
    if ahead_seconds > _SKEW_SECONDS_MAX:
        return wrong("clock", f"the log was last written {age(ahead_seconds)} in the future", todo)
    return ok("clock", "plausible")
