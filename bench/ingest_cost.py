"""Claim: an event costs the core so much, from the log to store and directory, without a server.

    python bench/ingest_cost.py [--events N] [--mix]

Everything runs in this process: real frames of the benchmark's events, the real steps, engine and
directory. `--mix` takes the events of a product with accounts (`mixed_requests.py`). For a try
after every change; what counts is `bench/main_path.py`.
"""

import argparse
import os
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

# So that the other files of this folder are found as the package they are.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.capture_requests import CaptureRequests
from bench.mixed_requests import mixed_bodies
from bench.process_usage import TICKS_PER_SECOND, PeakMemory, read_cpu_seconds

from hedgerow.core.clock import SystemClock
from hedgerow.directory.engine import open_directory
from hedgerow.directory.provision import provision
from hedgerow.garbage import tune_garbage_collection
from hedgerow.ingest.deferred_lanes import DeferredLanes
from hedgerow.ingest.enrichment import Enricher
from hedgerow.ingest.loop import IngestLoop
from hedgerow.ingest.maintenance import Maintenance
from hedgerow.log.contract import Frame
from hedgerow.store.event_store import ChdbEventStore
from hedgerow.testing.no_recordings import NoRecordings
from hedgerow.wire.capture import CaptureRequest, CaptureRules, capture
from hedgerow.wire.record import encode_request

TOKEN = "phc_bench"
BATCH_EVENTS = 100
EVENTS = 200_000
SAMPLE_SECONDS = 0.05
SHOWN_US_MIN = 0.1
MEGABYTE = 1_000_000


def plain_bodies(events: int) -> Iterator[bytes]:
    for request in islice(CaptureRequests(TOKEN).batches(BATCH_EVENTS), events // BATCH_EVENTS):
        yield request.partition(b"\r\n\r\n")[2]


def payloads(bodies: Iterable[bytes]) -> Iterator[bytes]:
    """What the edge would have logged."""
    rules = CaptureRules(profile="documented", accepts_key=lambda _key: True, dropped_ids={})
    clock = SystemClock()
    for body in bodies:
        captured = CaptureRequest(
            method="POST",
            path="/batch/",
            query_string="",
            content_type="application/json",
            content_encoding=None,
            body=body,
            ip="203.0.113.1",
            user_agent="",
            now_us=clock.now_us(),
        )
        logged = capture(captured, rules).logged
        assert logged is not None, "the benchmark's events are accepted"
        yield encode_request(logged)


class FrameReader:
    """A `LogReader` of frames in memory."""

    def __init__(self, frames: list[bytes]) -> None:
        self._frames: list[Frame] = []
        position = 0
        for payload in frames:
            self._frames.append(Frame(position, position + len(payload), payload))
            position += len(payload)
        self._index = {frame.position: n for n, frame in enumerate(self._frames)}

    @property
    def start(self) -> int:
        return 0

    def end(self) -> int:
        return self._frames[-1].next_position

    def read(self, position: int, bytes_max: int) -> list[Frame]:
        found: list[Frame] = []
        index = self._index.get(position, len(self._frames))
        while index < len(self._frames) and bytes_max > 0:
            found.append(self._frames[index])
            bytes_max -= len(self._frames[index].payload)
            index += 1
        return found

    def release(self, position: int) -> None:
        """Nothing is kept."""


def thread_seconds() -> dict[str, float]:
    """The processor time of this process, by the names of its threads."""
    seconds: defaultdict[str, float] = defaultdict(float)
    for task in Path("/proc/self/task").iterdir():
        try:
            head, _, tail = (task / "stat").read_text().rpartition(")")
        except FileNotFoundError:
            continue  # It has just ended.
        fields = tail.split()
        name = head.partition("(")[2]
        seconds[name] += (int(fields[11]) + int(fields[12])) / TICKS_PER_SECOND
    return seconds


def sample_peak(peak: PeakMemory, done: threading.Event) -> None:
    while not done.wait(SAMPLE_SECONDS):
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("RssAnon:"):
                peak.anonymous = max(peak.anonymous, int(line.split()[1]) * 1024)


def measure(folder: Path, events: int, *, mix: bool) -> None:
    bodies = mixed_bodies(TOKEN, events, BATCH_EVENTS) if mix else plain_bodies(events)
    reader = FrameReader(list(payloads(bodies)))
    directory = open_directory(folder / "directory.sqlite")
    provision(directory, project_api_key=TOKEN, personal_api_key="", now_us=0)
    store = ChdbEventStore(folder / "store")
    maintenance = Maintenance(folder, directory, NoRecordings(), SystemClock(), 7, 0)
    loop = IngestLoop(
        reader=reader,
        directory=directory,
        store=store,
        maintenance=maintenance,
        deferred=DeferredLanes(directory, SystemClock()),
        enricher=Enricher(),
        recordings=NoRecordings(),
    )
    tune_garbage_collection()
    peak, done, stop = PeakMemory(), threading.Event(), threading.Event()
    threading.Thread(target=sample_peak, args=(peak, done), daemon=True).start()
    threads, cpu, started = thread_seconds(), read_cpu_seconds(os.getpid()), time.perf_counter()
    while loop.step(stop):
        pass
    seconds = time.perf_counter() - started
    cpu = read_cpu_seconds(os.getpid()) - cpu
    done.set()
    print(f"{events / seconds:,.0f} events/s; processor time {cpu * 1e6 / events:.1f} µs an event")
    for name, after in thread_seconds().items():
        used_us = (after - threads.get(name, 0)) * 1e6 / events
        if used_us >= SHOWN_US_MIN:
            print(f"    {name:<16} {used_us:6.2f} µs")
    print(f"peak memory, anonymous: {peak.anonymous // MEGABYTE} MB, with the frames themselves")
    store.close()
    directory.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=EVENTS)
    parser.add_argument("--mix", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        measure(Path(name), arguments.events, mix=arguments.mix)
