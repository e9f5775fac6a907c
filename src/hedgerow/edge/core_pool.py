"""Connections to the core, used again. As many requests as there may be connections go at once; the
rest waits in order.

A general client's pool looks at every waiting request whenever one is done, and gives one free
connection to several: with 600 requests at once that took seconds, and some never went.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from hedgerow.edge.core_connection import CoreConnection


class CorePool:
    def __init__(self, socket: Path, connections_max: int) -> None:
        self._socket = socket
        self._places = asyncio.Semaphore(connections_max)
        # The one used last is used next, so that few stay busy and the rest can go.
        self._idle: list[CoreConnection] = []

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[CoreConnection]:
        """For one request. Raises `CoreUnavailableError`."""
        async with self._places:
            connection = self._idle_connection() or await CoreConnection.opened(self._socket)
            try:
                yield connection
            finally:
                if connection.is_reusable():
                    self._idle.append(connection)
                else:
                    # Also where its reader has gone away: the core learns of it so.
                    connection.close()

    def _idle_connection(self) -> CoreConnection | None:
        while self._idle:
            connection = self._idle.pop()
            if connection.is_reusable():
                return connection
            connection.close()
        return None

    def close(self) -> None:
        """Of the idle ones."""
        while self._idle:
            self._idle.pop().close()
