"""The edge process: the public HTTP server, from start to drain."""

import asyncio
import os
import signal
import sys

import structlog
import uvloop
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.server.embed import Server

from hedgerow import exit_codes
from hedgerow.build_edge import Edge, build_edge
from hedgerow.core import limits
from hedgerow.core.errors import LogFailedError
from hedgerow.garbage import tune_garbage_collection
from hedgerow.settings import Settings

log = structlog.get_logger()

SWITCH_INTERVAL_SECONDS = 0.001


def _end_process(error: LogFailedError) -> None:
    """Fail-stop (reliability §7.2): nobody is acknowledged after a failed write or sync."""
    log.error("log_failed", error=str(error))
    os._exit(exit_codes.LOG_FAILED)


def _server(edge: Edge, settings: Settings) -> Server:
    return Server(
        edge.application,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.RSGI,
        http=HTTPModes.http1,
        websockets=False,
        backlog=1024,
        backpressure=limits.CONNECTIONS_MAX,
        http1_settings=HTTP1Settings(header_read_timeout=limits.HEADER_SECONDS_MAX * 1000),
        log_enabled=False,
    )


async def _drain(edge: Edge) -> None:
    """Wait until every request that has begun is answered, within the deadline."""
    async with asyncio.timeout(limits.DRAIN_SECONDS_MAX):
        while edge.application.requests_in_flight:
            await asyncio.sleep(0.01)


async def _serve(settings: Settings) -> None:
    edge = build_edge(settings, on_log_failed=_end_process)
    server = _server(edge, settings)
    control = await edge.control.start()
    tune_garbage_collection()
    # The log's thread comes back from each sync into a busy interpreter; by default it would wait
    # up to 5 ms for its turn, many times the sync itself.
    sys.setswitchinterval(SWITCH_INTERVAL_SECONDS)
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    serving = asyncio.create_task(server.serve())
    waiting = asyncio.create_task(stopping.wait())
    await asyncio.wait((serving, waiting), return_when=asyncio.FIRST_COMPLETED)
    server.stop()  # type: ignore[no-untyped-call]  # the library left it unannotated
    try:
        await _drain(edge)
    except TimeoutError:
        log.warning("drain_cut_short", requests=edge.application.requests_in_flight)
    await serving
    control.close()
    await edge.close()


def run_edge(settings: Settings) -> None:
    """Serve until SIGTERM, then drain and return."""
    uvloop.run(_serve(settings))
