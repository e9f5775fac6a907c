"""Measures the main path, from a client's request to a query's answer, and prints one table.

    python bench/main_path.py [--quick] [--seconds N] [--data FOLDER] [--write]

The load generator is this process; it shares the machine's cores with the server. Ends with 1
when a floor is missed.
"""

import argparse
import shlex
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

# So that the other files of this folder are found as the package they are.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import uvloop
from bench.capture_rate import CaptureRate, measure_capture_rate, measure_comfortable_rate
from bench.capture_requests import CaptureRequests
from bench.end_to_end import (
    BATCH_EVENTS,
    BytesPerEvent,
    EndToEnd,
    measure_bytes_per_event,
    measure_end_to_end,
)
from bench.freshness import EVENTS_PER_SECOND, Freshness, measure_freshness
from bench.hedgerow_server import PROJECT_API_KEY, running_hedgerow
from bench.load_generator import Address
from bench.process_usage import (
    PeakMemory,
    read_processor_times,
    sampled_peak,
    share_of_others,
)
from bench.report import AtLeast, AtMost, Row, machine_facts, table, write_measured
from bench.server_process import running_server
from bench.start import Start, measure_start

DOCUMENT = Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md"
CONSTANT_SERVER = Path(__file__).with_name("constant_server.py")
MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Extent:
    """How much is measured."""

    starts: int
    seconds: float
    end_to_end_events: int


@dataclass(frozen=True, slots=True)
class CaptureRates:
    single: CaptureRate
    batch: CaptureRate


@dataclass(frozen=True, slots=True)
class Measured:
    start: Start
    constant: CaptureRates
    hedgerow: CaptureRates
    comfortable: CaptureRate
    end_to_end: EndToEnd
    bytes_per_event: BytesPerEvent
    freshness: Freshness
    peak_memory: PeakMemory


async def _capture_rates(
    address: Address, requests: CaptureRequests, seconds: float
) -> CaptureRates:
    return CaptureRates(
        single=await measure_capture_rate(address, requests.single(), 1, seconds),
        batch=await measure_capture_rate(
            address, requests.batches(BATCH_EVENTS), BATCH_EVENTS, seconds
        ),
    )


async def _measure(folder: Path, extent: Extent) -> Measured:
    peak_memory = PeakMemory()
    _tell(f"start to ready, {extent.starts} times, then idle")
    start = measure_start(folder, extent.starts)

    _tell("capture rate of a server that answers a constant")
    with running_server((str(CONSTANT_SERVER),), {}, folder / "constant.output") as constant_server:
        constant = await _capture_rates(
            constant_server.address, CaptureRequests(PROJECT_API_KEY), extent.seconds
        )

    _tell("capture rate")
    with running_hedgerow(folder / "capture-rate") as server:
        requests = CaptureRequests(PROJECT_API_KEY)
        async with sampled_peak(server.process_ids().values(), peak_memory):
            hedgerow = await _capture_rates(server.address, requests, extent.seconds)

    _tell(f"end to end with {extent.end_to_end_events:,} events, then freshness")
    with running_hedgerow(folder / "end-to-end") as server:
        requests = CaptureRequests(PROJECT_API_KEY)
        async with sampled_peak(server.process_ids().values(), peak_memory):
            end_to_end = await measure_end_to_end(server, requests, extent.end_to_end_events)
            bytes_per_event = measure_bytes_per_event(server.data, extent.end_to_end_events)
            freshness = await measure_freshness(server, requests, extent.seconds)
            comfortable = await measure_comfortable_rate(
                server.address, requests.single(), hedgerow.single, extent.seconds
            )
    return Measured(
        start=start,
        constant=constant,
        hedgerow=hedgerow,
        comfortable=comfortable,
        end_to_end=end_to_end,
        bytes_per_event=bytes_per_event,
        freshness=freshness,
        peak_memory=peak_memory,
    )


def _capture_rows(measured: Measured) -> list[Row]:
    rows = []
    for name, floor, rate, constant in (
        ("single events", 10_000, measured.hedgerow.single, measured.constant.single),
        ("batches of 100", 200_000, measured.hedgerow.batch, measured.constant.batch),
    ):
        rows += [
            Row(
                f"acknowledged, {name}",
                rate.events_per_second,
                "events/s",
                AtLeast(floor),
                constant.events_per_second,
            ),
            Row(f"acknowledgement p50, {name}", rate.p50_ms, "ms", None, constant.p50_ms),
            Row(f"acknowledgement p99, {name}", rate.p99_ms, "ms", None, constant.p99_ms),
        ]
    comfortable = measured.comfortable
    return [
        *rows,
        Row("acknowledgement p50, single events at 60 % of peak", comfortable.p50_ms, "ms"),
        Row("acknowledgement p99, single events at 60 % of peak", comfortable.p99_ms, "ms"),
    ]


def _pipeline_rows(measured: Measured) -> list[Row]:
    end_to_end, on_disk = measured.end_to_end, measured.bytes_per_event
    at_rate = f"at {EVENTS_PER_SECOND:,} events/s"
    return [
        Row(
            "end to end until queryable", end_to_end.events_per_second, "events/s", AtLeast(40_000)
        ),
        Row("processor time of the edge per event", end_to_end.edge_cpu_us, "µs"),
        Row("processor time of the core per event", end_to_end.core_cpu_us, "µs"),
        Row(f"freshness p50 {at_rate}", measured.freshness.p50_ms, "ms"),
        Row(f"freshness p99 {at_rate}", measured.freshness.p99_ms, "ms", AtMost(1_000)),
        Row("on disk per event, log", on_disk.log, "bytes"),
        Row("on disk per event, directory", on_disk.directory, "bytes"),
        Row("on disk per event, store", on_disk.store, "bytes"),
    ]


def _process_rows(measured: Measured) -> list[Row]:
    idle, peak = measured.start.idle_memory, measured.peak_memory
    return [
        Row("start to ready", measured.start.seconds_to_ready, "s", AtMost(3)),
        Row("idle memory, resident", idle.resident / MEGABYTE, "MB", AtMost(450)),
        Row("idle memory, anonymous", idle.anonymous / MEGABYTE, "MB", AtMost(150)),
        Row("idle memory, shared pages split", idle.proportional / MEGABYTE, "MB"),
        Row("peak memory under load, resident", peak.resident / MEGABYTE, "MB"),
        Row("peak memory under load, anonymous", peak.anonymous / MEGABYTE, "MB"),
    ]


def _tell(what: str) -> None:
    print(f"measuring: {what}", file=sys.stderr, flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="one start, few seconds, few events")
    parser.add_argument("--seconds", type=float, default=10.0, help="length of each rate's run")
    parser.add_argument("--data", type=Path, help="folder to work in (default: the system's)")
    parser.add_argument("--write", action="store_true", help="put the table into the documentation")
    return parser.parse_args()


def main() -> int:
    options = _options()
    extent = Extent(starts=3, seconds=options.seconds, end_to_end_events=400_000)
    if options.quick:
        extent = Extent(starts=1, seconds=min(options.seconds, 3.0), end_to_end_events=100_000)
    with tempfile.TemporaryDirectory(prefix="hedgerow-bench-", dir=options.data) as name:
        folder = Path(name)
        before = read_processor_times()
        measured = uvloop.run(_measure(folder, extent))
        others = share_of_others(before, read_processor_times())
        facts = f"{machine_facts(folder)}\n- taken by other programs meanwhile: {others:.0%}"
    rows = [*_capture_rows(measured), *_pipeline_rows(measured), *_process_rows(measured)]
    command = shlex.join(("python", "bench/main_path.py", *sys.argv[1:]))
    text = f"`{command}`\n\n{facts}\n\n{table(rows)}"
    print(text)
    if options.write:
        write_measured(DOCUMENT, text)
    return 1 if any(row.missed for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
