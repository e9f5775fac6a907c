"""The yardstick: the edge's HTTP server with the edge's settings, answering a constant.

It reads each request body and answers, so the difference to Hedgerow is what Hedgerow does.
"""

import argparse
import asyncio
import signal
from typing import Any

import uvloop
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.server.embed import Server

from hedgerow.core import limits

HEADERS = [("content-type", "application/json")]
BODY = b'{"status":"Ok"}'


class ConstantApplication:
    async def __rsgi__(self, _scope: Any, protocol: Any) -> None:
        await protocol()
        protocol.response_bytes(200, HEADERS, BODY)


async def serve(port: int) -> None:
    """Serve until SIGTERM."""
    server = Server(
        ConstantApplication(),
        port=port,
        interface=Interfaces.RSGI,
        http=HTTPModes.http1,
        websockets=False,
        backlog=1024,
        backpressure=limits.CONNECTIONS_MAX,
        http1_settings=HTTP1Settings(header_read_timeout=limits.HEADER_SECONDS_MAX * 1000),
        log_enabled=False,
    )
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, server.stop)
    await server.serve()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    uvloop.run(serve(parser.parse_args().port))
