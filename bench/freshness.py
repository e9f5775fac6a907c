"""Claim: an acknowledged event can be queried within a second, at 2,000 events per second."""

import asyncio
import time
import uuid
from dataclasses import dataclass
from itertools import islice

from bench.capture_requests import CaptureRequests
from bench.hedgerow_server import Hedgerow
from bench.load_generator import percentile, send_paced

EVENTS_PER_SECOND = 2_000
MARKERS_PER_SECOND = 10
POLL_SECONDS = 0.02
VISIBLE_SECONDS_MAX = 60


@dataclass(frozen=True, slots=True)
class Freshness:
    p50_ms: float
    p99_ms: float


async def measure_freshness(
    server: Hedgerow, requests: CaptureRequests, seconds: float
) -> Freshness:
    """From the acknowledgement of an event until the answer to a query that counted it.

    Every 100 ms a marker goes out among the other single events. Markers wait for each other, so
    their number in the answer tells which of them are visible. Raises `TimeoutError` when one
    stays away.
    """
    event = f"freshness marker {uuid.uuid4()}"
    marker_count = int(seconds * MARKERS_PER_SECOND)
    markers = islice(requests.markers(event), marker_count)
    load = islice(requests.single(), int(seconds * EVENTS_PER_SECOND))
    visible_at, sent, _ = await asyncio.gather(
        _watch(server, event, marker_count, seconds + VISIBLE_SECONDS_MAX),
        send_paced(server.address, markers, MARKERS_PER_SECOND, connections=1),
        send_paced(server.address, load, EVENTS_PER_SECOND),
    )
    delays_ms = [
        # An event may be counted before its acknowledgement has come back.
        max(0.0, visible - answered) * 1000
        for visible, answered in zip(visible_at, sent.acknowledged_at, strict=True)
    ]
    return Freshness(percentile(delays_ms, 50), percentile(delays_ms, 99))


async def _watch(server: Hedgerow, event: str, expected: int, seconds_max: float) -> list[float]:
    """When a query first counted 1, 2, … `expected` events of this name."""
    sql = f"SELECT count() FROM events WHERE event = '{event}'"
    visible_at: list[float] = []
    async with asyncio.timeout(seconds_max), server.client() as client:
        while len(visible_at) < expected:
            counted = await server.count(client, sql)
            visible_at += [time.perf_counter()] * (counted - len(visible_at))
            await asyncio.sleep(POLL_SECONDS)
    return visible_at
