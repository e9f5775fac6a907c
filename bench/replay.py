"""Claim: a replay of 100,000 mixed events gives the same state, whatever batches they came in.

    python bench/replay.py

The events are those of `ingest_steps.py` (`mixed`). First they are ingested in small batches, then
replayed by `hedgerow replay` into an empty folder; prints both times, fails where hashes differ.
"""

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from bench import ingest_steps

from hedgerow.core.clock import SystemClock
from hedgerow.directory.engine import open_directory
from hedgerow.directory.provision import provision
from hedgerow.ingest.deferred_lanes import DeferredLanes
from hedgerow.ingest.enrichment import Enricher
from hedgerow.ingest.loop import IngestLoop
from hedgerow.ingest.maintenance import Maintenance
from hedgerow.log.contract import Frame
from hedgerow.log.reader import SegmentLogReader
from hedgerow.log.writer import SegmentLogWriter
from hedgerow.settings import Settings, load_settings
from hedgerow.store.event_store import ChdbEventStore
from hedgerow.testing.no_recordings import NoRecordings

SMALL_BATCH_BYTES = 300_000


class SmallBatches(SegmentLogReader):
    """Gives little at once; no more is gathered."""

    def read(self, position: int, bytes_max: int) -> list[Frame]:
        return super().read(position, min(bytes_max, SMALL_BATCH_BYTES))


async def write_log(settings: Settings, events: int) -> None:
    writer = SegmentLogWriter.open(settings.log_folder)
    ingest_steps.EVENTS = events
    for frame in ingest_steps.frames(list(ingest_steps.mixed())):
        await writer.append(frame.payload)
    await writer.close()


def ingest(settings: Settings) -> None:
    directory = open_directory(settings.directory_path)
    provision(directory, project_api_key=ingest_steps.TOKEN, personal_api_key="", now_us=0)
    loop = IngestLoop(
        reader=SmallBatches(settings.log_folder),
        directory=directory,
        store=ChdbEventStore(settings.store_folder),
        deferred=DeferredLanes(directory, SystemClock()),
        enricher=Enricher(),
        recordings=NoRecordings(),
        maintenance=Maintenance(
            settings.log_folder, directory, NoRecordings(), SystemClock(), 7, 0
        ),
    )
    stop = threading.Event()
    stop.set()
    while loop.step(stop):
        pass


def run(*arguments: str) -> str:
    return subprocess.run(
        [sys.executable, *arguments], check=True, capture_output=True, text=True
    ).stdout


def hashes(data: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run("-m", "hedgerow.testing.state_hash", str(data)))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--ingest", type=Path, help="Only ingest the log of this folder.")
    options = parser.parse_args()
    if options.ingest is not None:
        ingest(load_settings(data=options.ingest))
        return
    with tempfile.TemporaryDirectory() as name:
        data, copy = Path(name) / "data", Path(name) / "copy"
        data.mkdir()
        asyncio.run(write_log(load_settings(data=data), options.events))
        started = time.perf_counter()
        run("-m", "bench.replay", "--ingest", str(data))
        ingested = time.perf_counter()
        run("-m", "hedgerow", "replay", "--data", str(data), "--into", str(copy))
        replayed = time.perf_counter()
        before, after = hashes(data), hashes(copy)
        differing = [key for key in before if before[key] != after[key]]
        print(f"ingested in {ingested - started:.1f} s, replayed in {replayed - ingested:.1f} s")
        for key, value in before.items():
            print(f"{key:26} {value}")
        assert not differing, differing
        print("all hashes are the same")


if __name__ == "__main__":
    main()
