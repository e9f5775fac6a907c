"""What processes take of the machine, read from /proc (Linux)."""

import asyncio
import os
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

SAMPLE_SECONDS = 0.25
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


@dataclass(slots=True)
class Memory:
    """Bytes, summed over processes.

    `resident` counts a page shared by two processes twice; `proportional` splits it between them.
    """

    resident: int = 0
    anonymous: int = 0
    proportional: int = 0


@dataclass(slots=True)
class PeakMemory:
    """The largest sums seen, in bytes."""

    resident: int = 0
    anonymous: int = 0


def _bytes_by_name(path: Path) -> dict[str, int]:
    """The lines `Name:  123 kB` of a /proc file."""
    found = {}
    for line in path.read_text().splitlines():
        name, _, value = line.partition(":")
        if value.endswith(" kB"):
            found[name] = int(value.removesuffix(" kB")) * 1024
    return found


def read_memory(process_ids: Collection[int]) -> Memory:
    """The exact sums now. Walks every page, so it is not for use under load."""
    total = Memory()
    for process_id in process_ids:
        sizes = _bytes_by_name(Path(f"/proc/{process_id}/smaps_rollup"))
        total.resident += sizes["Rss"]
        total.anonymous += sizes["Anonymous"]
        total.proportional += sizes["Pss"]
    return total


def read_cpu_seconds(process_id: int) -> float:
    """The processor time a process has used since it started, in user and in kernel."""
    # The command's name stands in parentheses and may hold blanks; the fields follow it.
    fields = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS_PER_SECOND


@dataclass(frozen=True, slots=True)
class ProcessorTimes:
    """Seconds since some moment in the past, summed over the processors; `own` with all that
    this process has started and waited for.
    """

    total: float
    busy: float
    own: float


def read_processor_times() -> ProcessorTimes:
    """What all programs of the machine have used, and a host that gave time to others."""
    fields = Path("/proc/stat").read_text().splitlines()[0].split()[1:9]
    ticks = [int(field) for field in fields]
    idle, waiting_for_disk = ticks[3], ticks[4]
    return ProcessorTimes(
        total=sum(ticks) / TICKS_PER_SECOND,
        busy=(sum(ticks) - idle - waiting_for_disk) / TICKS_PER_SECOND,
        own=sum(os.times()[:4]),
    )


def share_of_others(before: ProcessorTimes, after: ProcessorTimes) -> float:
    """The part of the processors that went to other programs; more than a little spoils figures."""
    others = (after.busy - before.busy) - (after.own - before.own)
    return max(0.0, others) / (after.total - before.total)


@asynccontextmanager
async def sampled_peak(process_ids: Collection[int], peak: PeakMemory) -> AsyncIterator[None]:
    """Raise `peak` to what the processes hold, sampled while the block runs."""

    async def sample() -> None:
        while True:
            statuses = [_bytes_by_name(Path(f"/proc/{one}/status")) for one in process_ids]
            peak.resident = max(peak.resident, sum(status["VmRSS"] for status in statuses))
            peak.anonymous = max(peak.anonymous, sum(status["RssAnon"] for status in statuses))
            await asyncio.sleep(SAMPLE_SECONDS)

    sampling = asyncio.create_task(sample())
    try:
        yield
    finally:
        sampling.cancel()
        with suppress(asyncio.CancelledError):
            await sampling
