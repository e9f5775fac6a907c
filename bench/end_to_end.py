"""Claim: so many events per second from the client until a query finds them, in so many bytes."""

import asyncio
import os
import time
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from bench.capture_requests import CaptureRequests
from bench.hedgerow_server import Hedgerow
from bench.load_generator import send_closed_loop
from bench.process_usage import read_cpu_seconds

from hedgerow.settings import Settings

BATCH_EVENTS = 100
COUNT_SECONDS_MAX = 60
COUNT_POLL_SECONDS = 0.02
DISK_BLOCK_BYTES = 512


@dataclass(frozen=True, slots=True)
class EndToEnd:
    """The rate counts from the first request sent until a query has counted every event.

    The processor times are per event, of the edge and of the core.
    """

    events_per_second: float
    edge_cpu_us: float
    core_cpu_us: float


@dataclass(frozen=True, slots=True)
class BytesPerEvent:
    """Space taken in the data folder, old versions that are not yet cleaned up included."""

    log: float
    directory: float
    store: float


class WrongCountError(Exception):
    """A query counted more events than were sent, or fewer for too long."""


async def measure_end_to_end(server: Hedgerow, requests: CaptureRequests, events: int) -> EndToEnd:
    """On a server that holds no events yet. Raises `WrongCountError`."""
    process_ids = server.process_ids()
    cpu_before = {part: read_cpu_seconds(one) for part, one in process_ids.items()}
    batches = islice(requests.batches(BATCH_EVENTS), events // BATCH_EVENTS)
    started_at = time.perf_counter()
    await send_closed_loop(server.address, batches)
    await _wait_until_counted(server, events)
    seconds = time.perf_counter() - started_at
    cpu_us = {
        part: (read_cpu_seconds(one) - cpu_before[part]) * 1_000_000 / events
        for part, one in process_ids.items()
    }
    return EndToEnd(events / seconds, cpu_us["edge"], cpu_us["core"])


async def _wait_until_counted(server: Hedgerow, events: int) -> None:
    async with server.client() as client:
        # Counting all the while would slow down what is measured; the status costs nothing.
        await server.wait_until_caught_up(client)
        give_up_at = time.monotonic() + COUNT_SECONDS_MAX
        while (counted := await server.count(client, "SELECT count() FROM events")) != events:
            if counted > events or time.monotonic() > give_up_at:
                raise WrongCountError(f"{counted} events counted, {events} acknowledged")
            await asyncio.sleep(COUNT_POLL_SECONDS)


def measure_bytes_per_event(data: Path, events: int) -> BytesPerEvent:
    """Of a data folder that holds this many events. Blocking."""
    settings = Settings(data=data)
    directory = settings.directory_path
    return BytesPerEvent(
        log=_folder_bytes(settings.log_folder) / events,
        directory=sum(map(_file_bytes, directory.parent.glob(f"{directory.name}*"))) / events,
        store=_folder_bytes(settings.store_folder) / events,
    )


def _folder_bytes(folder: Path) -> int:
    return sum(
        _file_bytes(Path(parent, name)) for parent, _, names in os.walk(folder) for name in names
    )


def _file_bytes(path: Path) -> int:
    """What the file takes on disk; nothing if it has just been removed."""
    try:
        return path.lstat().st_blocks * DISK_BLOCK_BYTES
    except FileNotFoundError:
        return 0
