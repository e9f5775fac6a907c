"""Takes control records from the core and appends them to the log, which only the edge writes.

The socket lies in the data folder, where only its owner can reach it; nothing but control records
is accepted all the same.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import structlog

from hedgerow.core import json
from hedgerow.core.errors import LogFailedError, LogFullError
from hedgerow.log.contract import LogWriter
from hedgerow.log.control_client import LENGTH, MESSAGE_BYTES_MAX
from hedgerow.wire.control import decode_control

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class ControlSocket:
    """`on_log_failed` must end the process and not return."""

    writer: LogWriter
    path: Path
    on_log_failed: Callable[[LogFailedError], None]

    async def start(self) -> asyncio.AbstractServer:
        self.path.unlink(missing_ok=True)
        server = await asyncio.start_unix_server(self._serve, self.path)
        self.path.chmod(0o600)
        return server

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One record a connection."""
        try:
            (length,) = LENGTH.unpack(await reader.readexactly(LENGTH.size))
            if length > MESSAGE_BYTES_MAX:
                answer: dict[str, object] = {"error": "the record is too large"}
            else:
                answer = await self._append(await reader.readexactly(length))
            payload = json.encode(answer)
            writer.write(LENGTH.pack(len(payload)) + payload)
            await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            log.warning("control_connection_lost", error=repr(error))
        finally:
            writer.close()

    async def _append(self, payload: bytes) -> dict[str, object]:
        try:
            decode_control(payload)
        except ValueError as error:
            return {"error": f"this is no control record: {error}"}
        try:
            return {"position": await self.writer.append(payload)}
        except LogFullError as error:
            return {"error": str(error)}
        except LogFailedError as error:
            self.on_log_failed(error)
            return {"error": str(error)}
