"""The table of claims: what was measured, the floor it is held to, and the machine's facts."""

import os
import platform
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

SYNC_PROBES = 50
SYNC_PROBE_BYTES = 4096
MEASURED_BEGINS = "<!-- measured: begins -->"
MEASURED_ENDS = "<!-- measured: ends -->"
HEADINGS = ("measure", "measured", "floor", "verdict", "constant server", "ratio")


@dataclass(frozen=True, slots=True)
class AtLeast:
    value: float

    def holds(self, measured: float) -> bool:
        return measured >= self.value

    def text(self, unit: str) -> str:
        return f"≥ {_quantity(self.value, unit)}"


@dataclass(frozen=True, slots=True)
class AtMost:
    value: float

    def holds(self, measured: float) -> bool:
        return measured <= self.value

    def text(self, unit: str) -> str:
        return f"≤ {_quantity(self.value, unit)}"


@dataclass(frozen=True, slots=True)
class Row:
    """One measured figure. `constant` is what the constant server reached in the same run."""

    measure: str
    measured: float
    unit: str
    floor: AtLeast | AtMost | None = None
    constant: float | None = None

    @property
    def missed(self) -> bool:
        return self.floor is not None and not self.floor.holds(self.measured)

    def cells(self) -> tuple[str, ...]:
        verdict = "" if self.floor is None else "**missed**" if self.missed else "holds"
        return (
            self.measure,
            _quantity(self.measured, self.unit),
            self.floor.text(self.unit) if self.floor else "",
            verdict,
            _quantity(self.constant, self.unit) if self.constant else "",
            f"{self.measured / self.constant:.2f}" if self.constant else "",
        )


def _quantity(value: float, unit: str) -> str:
    digits = 0 if value >= 100 or value == int(value) else 1 if value >= 10 else 2
    return f"{value:,.{digits}f} {unit}"


def table(rows: Sequence[Row]) -> str:
    """A Markdown table that is also readable as it is."""
    lines = [HEADINGS, *(row.cells() for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    rule = tuple("-" * width for width in widths)
    return "\n".join(
        "| " + " | ".join(map(str.ljust, cells, widths)) + " |"
        for cells in (lines[0], rule, *lines[1:])
    )


def machine_facts(folder: Path) -> str:
    """What the figures depend on; `folder` lies on the file system that was used."""
    return "\n".join(
        (
            f"- processor: {os.cpu_count()} cores, {_processor()}",
            f"- system: {platform.system()} {platform.release()}",
            f"- file system: {_file_system(folder)}",
            f"- write of 4 KiB with fdatasync: {_sync_ms(folder):.2f} ms (median)",
            f"- Python: {platform.python_version()}",
        )
    )


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _file_system(folder: Path) -> str:
    """The type of the mount with the longest path that leads to the folder."""
    mounts = [line.split() for line in Path("/proc/mounts").read_text().splitlines()]
    leading = [(len(at), kind) for _, at, kind, *_ in mounts if folder.resolve().is_relative_to(at)]
    return max(leading)[1]


def _sync_ms(folder: Path) -> float:
    probe = folder / "sync-probe"
    seconds = []
    with probe.open("wb", buffering=0) as file:
        for _ in range(SYNC_PROBES):
            started_at = time.perf_counter()
            file.write(bytes(SYNC_PROBE_BYTES))
            os.fdatasync(file.fileno())
            seconds.append(time.perf_counter() - started_at)
    probe.unlink()
    return statistics.median(seconds) * 1000


def write_measured(document: Path, measured: str) -> None:
    """Put `measured` between the two markers of a Markdown document. Raises `ValueError`."""
    text = document.read_text()
    before, begins, rest = text.partition(MEASURED_BEGINS)
    _, ends, after = rest.partition(MEASURED_ENDS)
    if not begins or not ends:
        raise ValueError(f"{document} lacks the markers around its measured part")
    document.write_text(f"{before}{begins}\n\n{measured}\n\n{ends}{after}")
