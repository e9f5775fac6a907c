"""Claim: so many events are acknowledged per second, and an acknowledgement takes so long."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from bench.load_generator import Address, LoadResult, for_seconds, send_closed_loop, send_paced

WARM_UP_SECONDS = 0.5
COMFORTABLE_SHARE_OF_PEAK = 0.6


@dataclass(frozen=True, slots=True)
class CaptureRate:
    """Only events answered with 200 count. The latencies are those of a request."""

    events_per_second: float
    p50_ms: float
    p99_ms: float


def _rate(result: LoadResult, events_per_request: int) -> CaptureRate:
    return CaptureRate(
        result.requests_per_second * events_per_request,
        result.latency_ms(50),
        result.latency_ms(99),
    )


async def measure_capture_rate(
    address: Address, requests: Iterator[bytes], events_per_request: int, seconds: float
) -> CaptureRate:
    """As fast as the server answers 64 connections that each wait for their answer."""
    await send_closed_loop(address, for_seconds(requests, WARM_UP_SECONDS))
    result = await send_closed_loop(address, for_seconds(requests, seconds))
    return _rate(result, events_per_request)


async def measure_comfortable_rate(
    address: Address, requests: Iterator[bytes], peak: CaptureRate, seconds: float
) -> CaptureRate:
    """Single events at 60 % of the peak: what clients see of a server that keeps up."""
    requests_per_second = peak.events_per_second * COMFORTABLE_SHARE_OF_PEAK
    due = islice(requests, int(requests_per_second * seconds))
    return _rate(await send_paced(address, due, requests_per_second), 1)
