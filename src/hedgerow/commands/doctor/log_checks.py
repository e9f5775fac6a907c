"""The log: is what was acknowledged still there and undamaged."""

from collections.abc import Iterator
from pathlib import Path

from hedgerow.commands.doctor.finding import Finding, ok, warning, wrong
from hedgerow.commands.sizes import size
from hedgerow.log.durable_end import DurableEndReader
from hedgerow.log.frame import UnknownVersionError
from hedgerow.log.recovery import BadRange, verify
from hedgerow.log.segments import list_segments

_KEEP_A_COPY = "copy the folder before anything else, then look at the disk"


def log_checks(folder: Path) -> Iterator[Finding]:
    """Reads the whole log; a writer may go on meanwhile."""
    durable_end = DurableEndReader(folder).read()
    segments = list_segments(folder)
    if not segments:
        yield ok("log", "empty: nothing was captured yet")
        return
    try:
        bad = verify(folder)
    except UnknownVersionError as error:
        yield wrong("log", str(error), "use the newer version of Hedgerow that wrote it")
        return
    total = sum(segment.path.stat().st_size for segment in segments)
    yield _damage([item for item in bad if item.start < durable_end], len(segments), total)
    yield _tail([item for item in bad if item.start >= durable_end], durable_end)
    yield _durable_end(durable_end, segments[-1].base, segments[-1].path)
    cut = sorted(folder.glob("cut-*"))
    if cut:
        yield warning(
            "log, cut off",
            f"recovery put {len(cut)} torn tails aside: {', '.join(path.name for path in cut)}",
            "they held nothing acknowledged; delete them when you have looked",
        )


def _damage(bad: list[BadRange], segments: int, total: int) -> Finding:
    if not bad:
        return ok("log", f"{segments} files, {size(total)}, every frame passes its checksum")
    ranges = ", ".join(f"{item.start} to {item.end} ({item.reason})" for item in bad[:5])
    return wrong("log", f"{len(bad)} damaged ranges of what was durable: {ranges}", _KEEP_A_COPY)


def _tail(bad: list[BadRange], durable_end: int) -> Finding:
    if not bad:
        return ok("log, tail", f"durable up to position {durable_end}")
    torn = sum(item.end - item.start for item in bad)
    return ok(
        "log, tail",
        f"{size(torn)} after position {durable_end} are not durable and will be written over or "
        "cut off; nothing of them was acknowledged",
    )


def _durable_end(durable_end: int, newest_base: int, newest: Path) -> Finding:
    """The published end lies in the newest file; a crash may leave it some frames behind."""
    actual = newest_base + newest.stat().st_size
    if durable_end > actual:
        return wrong(
            "log, durable end",
            f"the log ends at {actual}, but was durable up to {durable_end}",
            f"acknowledged requests are missing: {_KEEP_A_COPY}",
        )
    return ok("log, durable end", f"{durable_end} of {actual}")
