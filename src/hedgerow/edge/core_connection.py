"""One keep-alive HTTP/1.1 connection to the core over its Unix socket: a request at a time."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final, cast

import h11

_BUFFERED_BYTES_MAX: Final = 262_144
_CONNECT_SECONDS_MAX: Final = 2

RawHeaders = list[tuple[bytes, bytes]]


class CoreUnavailableError(Exception):
    """The core does not answer on its socket."""


class CoreConnection(asyncio.Protocol):
    """`ask`, then `chunks` to the end; then, if it `is_reusable`, again.

    What has arrived stays readable when the connection breaks, unlike with asyncio's streams: who
    refuses a large body answers, and closes while it is still being sent.
    """

    def __init__(self) -> None:
        self._state = h11.Connection(h11.CLIENT)
        self._received = bytearray()
        self._is_lost = False
        self._readable = asyncio.Event()
        self._writable = asyncio.Event()
        self._writable.set()
        self._transport: asyncio.Transport

    @classmethod
    async def opened(cls, socket: Path) -> "CoreConnection":
        """Raises `CoreUnavailableError`."""
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(_CONNECT_SECONDS_MAX):
                _, connection = await loop.create_unix_connection(cls, str(socket))
        except (OSError, TimeoutError) as error:
            raise CoreUnavailableError(str(error)) from error
        return connection

    # What the event loop calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports have the methods but not the base class.
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._received += data
        self._readable.set()
        if len(self._received) > _BUFFERED_BYTES_MAX:
            self._transport.pause_reading()

    def eof_received(self) -> None:
        self._end()

    def connection_lost(self, _error: Exception | None) -> None:
        self._end()

    def _end(self) -> None:
        self._is_lost = True
        self._readable.set()
        self._writable.set()

    def pause_writing(self) -> None:
        self._writable.clear()

    def resume_writing(self) -> None:
        self._writable.set()

    # What a request does.

    async def ask(
        self, method: str, target: bytes, headers: RawHeaders, body: AsyncIterator[bytes] | None
    ) -> h11.Response:
        """The head of the answer. Raises `CoreUnavailableError` where none comes."""
        try:
            try:
                await self._send(h11.Request(method=method, target=target, headers=headers))
                if body is not None:
                    async for chunk in body:
                        await self._send(h11.Data(data=chunk))
                await self._send(h11.EndOfMessage())
            except ConnectionError:
                # Who refuses a large body may answer and close before it has read all of it.
                pass
            return await self._head()
        except (OSError, h11.ProtocolError) as error:
            raise CoreUnavailableError(str(error)) from error

    async def _send(self, event: h11.Event) -> None:
        content = self._state.send(event)
        if content:
            await self._writable.wait()
            if self._is_lost:
                raise ConnectionResetError("closed while a request was sent")
            self._transport.write(content)

    async def _head(self) -> h11.Response:
        while True:
            event = await self._next_event()
            if isinstance(event, h11.Response):
                return event
            if not isinstance(event, h11.InformationalResponse):
                raise ConnectionResetError("closed without an answer")

    async def chunks(self) -> AsyncIterator[bytes]:
        """The body, as it comes. Where it breaks off: `h11.RemoteProtocolError` or OSError."""
        while isinstance(event := await self._next_event(), h11.Data):
            yield bytes(event.data)

    async def _next_event(self) -> h11.Event | type[h11.PAUSED]:
        while (event := self._state.next_event()) is h11.NEED_DATA:
            self._state.receive_data(await self._read())
        assert not isinstance(event, type) or event is h11.PAUSED
        return event

    async def _read(self) -> bytes:
        """Empty at the end."""
        await self._readable.wait()
        received = bytes(self._received)
        self._received.clear()
        if not self._is_lost:
            self._readable.clear()
            self._transport.resume_reading()
        return received

    def is_reusable(self) -> bool:
        """Whether question and answer are complete, and the core has not closed it."""
        if self._is_lost:
            return False
        if (self._state.our_state, self._state.their_state) == (h11.DONE, h11.DONE):
            self._state.start_next_cycle()
        return bool(self._state.our_state is h11.IDLE)

    def close(self) -> None:
        self._transport.close()
