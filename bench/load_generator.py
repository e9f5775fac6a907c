"""Sends capture requests from one process: as fast as they are answered, or at a given rate."""

import asyncio
import math
import time
from collections import deque
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import NamedTuple

from bench.capture_connection import CaptureConnection

CONNECTIONS = 64
PACE_TICK_SECONDS = 0.001


class Address(NamedTuple):
    host: str
    port: int


@dataclass(slots=True)
class LoadResult:
    """When the requests of a run were acknowledged, in `time.perf_counter` seconds."""

    started_at: float = field(default_factory=time.perf_counter)
    acknowledged_at: list[float] = field(default_factory=list)
    latencies_seconds: list[float] = field(default_factory=list)

    @property
    def requests_per_second(self) -> float:
        return len(self.acknowledged_at) / (self.acknowledged_at[-1] - self.started_at)

    def latency_ms(self, percent: float) -> float:
        return percentile(self.latencies_seconds, percent) * 1000

    def record(self, asked_at: float) -> None:
        now = time.perf_counter()
        self.acknowledged_at.append(now)
        self.latencies_seconds.append(now - asked_at)


def percentile(values: Iterable[float], percent: float) -> float:
    """The smallest value that `percent` of the values do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]


def for_seconds(requests: Iterator[bytes], seconds: float) -> Iterator[bytes]:
    """Requests until `seconds` have passed since the first was taken."""
    end_at = time.perf_counter() + seconds
    while time.perf_counter() < end_at:
        yield next(requests)


class _Run:
    """The result of a run, and a future that tells its end or what made it fail."""

    def __init__(self) -> None:
        self.result = LoadResult()
        self.finished: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def fail(self, error: Exception) -> None:
        if not self.finished.done():
            self.finished.set_exception(error)

    def finish(self) -> None:
        if not self.finished.done():
            self.finished.set_result(None)


@asynccontextmanager
async def _connected(
    address: Address, count: int, run: _Run
) -> AsyncIterator[list[CaptureConnection]]:
    loop = asyncio.get_running_loop()
    connections: list[CaptureConnection] = []
    try:
        for _ in range(count):
            _, connection = await loop.create_connection(
                lambda: CaptureConnection(run.fail), *address
            )
            connections.append(connection)
        run.result.started_at = time.perf_counter()
        yield connections
    finally:
        for connection in connections:
            connection.close()


async def send_closed_loop(
    address: Address, requests: Iterator[bytes], connections: int = CONNECTIONS
) -> LoadResult:
    """Send all `requests`; each connection sends its next when its last was acknowledged.

    Raises `CaptureFailedError`.
    """
    run = _Run()
    busy = connections

    def send_next(connection: CaptureConnection) -> None:
        nonlocal busy
        request = next(requests, None)
        if request is not None:
            connection.send(request, time.perf_counter(), acknowledged)
            return
        busy -= 1
        if not busy:
            run.finish()

    def acknowledged(connection: CaptureConnection) -> None:
        run.result.record(connection.asked_at)
        send_next(connection)

    async with _connected(address, connections, run) as opened:
        for connection in opened:
            send_next(connection)
        await run.finished
    return run.result


async def send_paced(
    address: Address,
    requests: Iterable[bytes],
    requests_per_second: float,
    connections: int = CONNECTIONS,
) -> LoadResult:
    """Send all `requests` at this rate, whether or not the server keeps up.

    A latency counts from the moment its request was due, so that a stall of the server is charged
    to every request it delays. Raises `CaptureFailedError`.
    """
    run = _Run()
    due: deque[tuple[float, bytes]] = deque()
    idle: deque[CaptureConnection] = deque()
    all_due = False

    def send_due() -> None:
        while due and idle:
            due_at, request = due.popleft()
            # The longest idle first: so the server closes none of them for idleness.
            idle.popleft().send(request, due_at, acknowledged)
        if all_due and not due and len(idle) == connections:
            run.finish()

    def acknowledged(connection: CaptureConnection) -> None:
        run.result.record(connection.asked_at)
        idle.append(connection)
        send_due()

    async with _connected(address, connections, run) as opened:
        idle.extend(opened)
        for number, request in enumerate(requests):
            due_at = run.result.started_at + number / requests_per_second
            while time.perf_counter() < due_at and not run.finished.done():
                await asyncio.sleep(PACE_TICK_SECONDS)
            due.append((due_at, request))
            send_due()
        all_due = True
        send_due()
        await run.finished
    return run.result
