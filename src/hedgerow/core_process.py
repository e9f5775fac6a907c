"""The core process: ingest in a thread, and the API on a Unix socket, from start to drain."""

import asyncio
import os
import signal
import threading

import structlog
import uvloop
from granian.constants import HTTPModes, Interfaces
from granian.server.embed import Server

from hedgerow.build_core import Core, build_core
from hedgerow.garbage import tune_garbage_collection
from hedgerow.settings import Settings
from hedgerow.welcome import SIGN_IN_TOKEN_VARIABLE, send_welcome

log = structlog.get_logger()

CORE_NICENESS = 10


def _server(core: Core, settings: Settings) -> Server:
    settings.core_socket.unlink(missing_ok=True)
    return Server(
        core.application,
        uds=settings.core_socket,
        interface=Interfaces.ASGINL,
        http=HTTPModes.http1,
        websockets=False,
        backlog=1024,
        backpressure=512,
        log_enabled=False,
    )


async def _serve(core: Core, settings: Settings) -> None:
    server = _server(core, settings)
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    serving = asyncio.create_task(server.serve())
    waiting = asyncio.create_task(stopping.wait())
    await asyncio.wait((serving, waiting), return_when=asyncio.FIRST_COMPLETED)
    server.stop()  # type: ignore[no-untyped-call]  # the library left it unannotated
    await serving


def run_core(settings: Settings) -> None:
    """Serve until SIGTERM; ingest finishes its batch before this returns."""
    # Capture comes first when both want the processor: what waits in the log is safe. Before
    # anything else, since only threads that start afterwards follow.
    os.nice(CORE_NICENESS)
    core = build_core(settings, sign_in_token=os.environ.get(SIGN_IN_TOKEN_VARIABLE, ""))
    send_welcome(core.welcome, dict(os.environ))
    tune_garbage_collection()
    stop_ingest = threading.Event()
    ingest = threading.Thread(target=core.ingest.run, args=(stop_ingest,), name="ingest")
    ingest.start()
    try:
        uvloop.run(_serve(core, settings))
    finally:
        stop_ingest.set()
        ingest.join()
        core.close()
