"""Claim: memory does not grow with the number of distinct ids that were ever seen.

    python bench/distinct_ids.py --ids 5000000

Ingests one small event of each distinct id through the real loop, directory and engine, and prints
the memory of the process as the ids grow.
"""

import argparse
import tempfile
import threading
import time
import uuid
from pathlib import Path

import msgspec

from hedgerow.core.clock import SystemClock
from hedgerow.directory.engine import open_directory
from hedgerow.directory.provision import provision
from hedgerow.ingest.deferred_lanes import DeferredLanes
from hedgerow.ingest.enrichment import Enricher
from hedgerow.ingest.loop import IngestLoop
from hedgerow.ingest.maintenance import Maintenance
from hedgerow.log.contract import Frame
from hedgerow.store.event_store import ChdbEventStore
from hedgerow.testing.no_recordings import NoRecordings
from hedgerow.wire.record import LoggedEvent, LoggedRequest, encode_request

TOKEN = "phc_bench"
A_FRAME = 1_000
FRAMES_A_BATCH = 20


class MadeReader:
    """A `LogReader` whose frames are made when they are read; position n is the n-th frame."""

    def __init__(self, ids: int) -> None:
        self._frames = ids // A_FRAME

    @property
    def start(self) -> int:
        return 0

    def end(self) -> int:
        return self._frames

    def read(self, position: int, bytes_max: int) -> list[Frame]:
        if bytes_max < 8 * 1024 * 1024:
            return []
        last = min(position + FRAMES_A_BATCH, self._frames)
        return [Frame(n, n + 1, frame(n)) for n in range(position, last)]

    def release(self, position: int) -> None:
        """Nothing is kept."""


def frame(number: int) -> bytes:
    now_us = time.time_ns() // 1000
    events = [
        LoggedEvent(
            uuid=str(uuid.uuid4()),
            event="seen",
            distinct_id=f"user {number * A_FRAME + index}",
            timestamp_us=now_us,
            lane="main",
            properties=msgspec.Raw(b'{"$browser":"Firefox"}'),
        )
        for index in range(A_FRAME)
    ]
    return encode_request(LoggedRequest(1, TOKEN, now_us, None, "", "/e/", "", False, events, []))


def memory_mib() -> float:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("RssAnon:"):
            return int(line.split()[1]) / 1024
    return 0.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ids", type=int, default=5_000_000)
    ids = parser.parse_args().ids
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        directory = open_directory(folder / "directory.sqlite")
        provision(directory, project_api_key=TOKEN, personal_api_key="", now_us=0)
        loop = IngestLoop(
            reader=MadeReader(ids),
            directory=directory,
            store=ChdbEventStore(folder / "store"),
            deferred=DeferredLanes(directory, SystemClock()),
            enricher=Enricher(),
            recordings=NoRecordings(),
            maintenance=Maintenance(folder, directory, NoRecordings(), SystemClock(), 7, 0),
        )
        stop, started, shown = threading.Event(), time.perf_counter(), 0
        stop.set()
        while loop.step(stop):
            done = loop.status().position * A_FRAME
            if done >= shown + ids // 10:
                shown = done
                rate = done / (time.perf_counter() - started)
                print(
                    f"{done:>10,} ids   {memory_mib():7.0f} MiB   {rate:8,.0f} events/s", flush=True
                )


if __name__ == "__main__":
    main()
