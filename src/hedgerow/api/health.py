"""`/_readiness`, `/_status` and `/metrics`: is it well, and what became of every event."""

import asyncio
from collections import Counter
from typing import Any, Final

import structlog
from litestar import Response, get
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from sqlalchemy.exc import SQLAlchemyError

from hedgerow import __version__
from hedgerow.api.services import Services
from hedgerow.directory.deferred_frames import oldest_waiting_position, waiting_bytes
from hedgerow.directory.outcomes import outcomes, progress
from hedgerow.wire.record import LANE_HISTORICAL, LANE_OVERFLOW

log = structlog.get_logger()

PROMETHEUS_TEXT: Final = "text/plain; version=0.0.4; charset=utf-8"
_ERROR_CHARS_MAX: Final = 200
_PLURAL: Final = {"duplicate": "duplicates"}
# A guess for how many events wait, from the bytes that wait.
_BYTES_PER_EVENT: Final = 400


def _outcome_counts(services: Services) -> dict[str, Any]:
    totals: Counter[str] = Counter()
    dropped: Counter[str] = Counter()
    for key, count in outcomes(services.directory):
        totals[_PLURAL.get(key.outcome, key.outcome)] += count
        if key.outcome == "dropped":
            dropped[key.reason] += count
    counts: dict[str, Any] = {
        name: totals[name] for name in ("received", "stored", "duplicates", "dead_lettered")
    }
    counts["dropped"] = dict(sorted(dropped.items()))
    return counts


def status(services: Services) -> dict[str, Any]:
    """Everything `hedgerow status` shows (design §8); blocking.

    All events before `position` are ingested: where some were put off, it stays at the first of
    them.
    """
    done = progress(services.directory)
    lanes = waiting_bytes(services.directory)
    oldest_put_off = oldest_waiting_position(services.directory)
    position = done.position if oldest_put_off is None else min(done.position, oldest_put_off)
    end = services.log_reader.end()
    ingest = services.ingest_status()
    now_us = services.clock.now_us()
    newest_us = done.newest_event_received_us
    waiting = max(end - done.position, 0) + sum(lanes.values())
    age = (now_us - newest_us) / 1_000_000 if newest_us else None
    return {
        "version": __version__,
        "log": {"end": end},
        "ingest": {
            "position": position,
            "waiting_bytes": waiting,
            "historical_waiting_bytes": lanes.get(LANE_HISTORICAL, 0),
            "overflow_waiting_bytes": lanes.get(LANE_OVERFLOW, 0),
            "lag_events": -(-waiting // _BYTES_PER_EVENT),
            "lag_seconds": round(age, 3) if waiting and age is not None else 0.0,
            "running": ingest.running,
            "last_error": _first_line(ingest.last_error),
            "alarm": _first_line(done.alarm),
        },
        "outcomes": _outcome_counts(services),
        "newest_event_age_seconds": None if age is None else round(age, 3),
        "disk_bytes": services.disk_use.sizes(),
    }


def _first_line(text: str | None) -> str | None:
    """Of an error: what follows may quote the statement that failed, and with it an event."""
    return text and text.split("\n", 1)[0][:_ERROR_CHARS_MAX]


def _why_not_ready(services: Services) -> str | None:
    """The store needs no question of its own: ingest asks it before it counts as running well."""
    ingest = services.ingest_status()
    if ingest.last_error is not None:
        return _first_line(ingest.last_error)
    if not ingest.running:
        return "ingest is not running"
    try:
        progress(services.directory)
    except SQLAlchemyError as error:
        log.warning("directory_unreadable", exc_info=error)
        return "the directory cannot be read"
    return None


@get("/_readiness", include_in_schema=False)
async def readiness(services: Services) -> Response[Any]:
    """200 when questions can be answered and ingest goes on; else 503 and why."""
    reason = await asyncio.to_thread(_why_not_ready, services)
    if reason is None:
        return Response({"ready": True})
    return Response({"ready": False, "reason": reason}, status_code=503)


@get("/_status", summary="Counts and lag; no keys, no contents")
async def status_route(services: Services) -> dict[str, Any]:
    return await asyncio.to_thread(status, services)


class _StatusCollector:
    """The status as Prometheus metrics, computed when they are asked for."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def collect(self) -> list[Metric]:
        now = status(self._services)
        events = CounterMetricFamily(
            "hedgerow_events", "Events by what became of them.", labels=["outcome", "reason"]
        )
        counts = now["outcomes"]
        for name in ("received", "stored", "duplicates", "dead_lettered"):
            events.add_metric([name, ""], counts[name])
        for reason, count in counts["dropped"].items():
            events.add_metric(["dropped", reason], count)
        disk = GaugeMetricFamily("hedgerow_disk_bytes", "Disk used, and free.", labels=["part"])
        for part, size in now["disk_bytes"].items():
            disk.add_metric([part], size)
        ingest = now["ingest"]
        return [
            events,
            disk,
            GaugeMetricFamily(
                "hedgerow_ingest_waiting_bytes", "Log not yet ingested.", ingest["waiting_bytes"]
            ),
            GaugeMetricFamily(
                "hedgerow_ingest_lag_seconds",
                "Age of the newest ingested event while more waits.",
                ingest["lag_seconds"],
            ),
            GaugeMetricFamily(
                "hedgerow_ingest_running", "1 while ingest runs.", int(ingest["running"])
            ),
        ]


@get("/metrics", include_in_schema=False)
async def metrics(services: Services) -> Response[bytes]:
    registry = CollectorRegistry(auto_describe=False)

    def collect() -> bytes:
        registry.register(_StatusCollector(services))
        return generate_latest(registry)

    return Response(await asyncio.to_thread(collect), media_type=PROMETHEUS_TEXT)
