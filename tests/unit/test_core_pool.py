"""The edge's connections to the core: shared by as many requests as come, and used again."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from hedgerow.edge.core_connection import CoreConnection, CoreUnavailableError
from hedgerow.edge.core_pool import CorePool

HOST = [(b"host", b"core")]
OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"


class Core:
    """Answers each request as it is told, and counts its connections."""

    def __init__(self, answer: bytes = OK, *, closes: bool = False) -> None:
        self.connections = 0
        self.open = 0
        self.bodies: list[bytes] = []
        self.answer = answer
        self.closes = closes

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.open += 1
        while head := await reader.readuntil(b"\r\n\r\n") if not reader.at_eof() else b"":
            if b"content-length: 5" in head.lower():
                self.bodies.append(await reader.readexactly(5))
            await asyncio.sleep(0.001)
            writer.write(self.answer)
            if self.closes:
                break
        self.open -= 1
        writer.close()


@asynccontextmanager
async def running(core: Core, socket: Path) -> AsyncIterator[None]:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await core.serve(reader, writer)
        except asyncio.IncompleteReadError:
            core.open -= 1
            writer.close()

    server = await asyncio.start_unix_server(serve, str(socket))
    async with server:
        yield


async def asked(pool: CorePool) -> bytes:
    async with pool.connection() as connection:
        await connection.ask("GET", b"/", HOST, None)
        return b"".join([chunk async for chunk in connection.chunks()])


def run(socket: Path, core: Core, use: Callable[[CorePool], Awaitable[None]], most: int) -> None:
    async def all_of_it() -> None:
        async with running(core, socket):
            pool = CorePool(socket, most)
            await use(pool)
            pool.close()

    asyncio.run(all_of_it())


def test_more_requests_than_connections_are_all_answered(tmp_path: Path) -> None:
    core = Core()

    async def use(pool: CorePool) -> None:
        answers = await asyncio.gather(*(asked(pool) for _ in range(200)))
        assert answers == [b"ok"] * 200

    run(tmp_path / "core.sock", core, use, 4)
    assert core.connections <= 4


def test_a_connection_that_the_core_closed_is_not_used_again(tmp_path: Path) -> None:
    core = Core(closes=True)

    async def use(pool: CorePool) -> None:
        for _ in range(3):
            assert await asked(pool) == b"ok"
            await asyncio.sleep(0.05)

    run(tmp_path / "core.sock", core, use, 4)
    assert core.connections == 3


def test_who_leaves_before_the_end_closes_the_connection(tmp_path: Path) -> None:
    """So the core learns that nobody waits."""
    core = Core(answer=b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nbegin")

    async def use(pool: CorePool) -> None:
        async with pool.connection() as connection:
            await connection.ask("GET", b"/", HOST, None)
        while core.open:
            await asyncio.sleep(0.001)

    run(tmp_path / "core.sock", core, use, 1)


def test_a_body_is_passed_on(tmp_path: Path) -> None:
    core = Core()

    async def body() -> AsyncIterator[bytes]:
        yield b"he"
        yield b"llo"

    async def use(pool: CorePool) -> None:
        async with pool.connection() as connection:
            head = [*HOST, (b"content-length", b"5")]
            response = await connection.ask("POST", b"/", head, body())
            assert response.status_code == 200

    run(tmp_path / "core.sock", core, use, 1)
    assert core.bodies == [b"hello"]


def test_a_refusal_is_passed_back_though_the_body_is_not_read(tmp_path: Path) -> None:
    refusal = b"HTTP/1.1 413 Too Large\r\ncontent-length: 2\r\nconnection: close\r\n\r\nno"
    core = Core(refusal, closes=True)

    async def body() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b"x" * 100_000

    async def use(pool: CorePool) -> None:
        async with pool.connection() as connection:
            head = [*HOST, (b"content-length", b"10000000")]
            response = await connection.ask("POST", b"/", head, body())
            answer = b"".join([chunk async for chunk in connection.chunks()])
        assert (response.status_code, answer) == (413, b"no")

    run(tmp_path / "core.sock", core, use, 1)


def test_a_core_that_is_not_there_or_says_nothing_is_unavailable(tmp_path: Path) -> None:
    async def nobody() -> None:
        with pytest.raises(CoreUnavailableError):
            await CoreConnection.opened(tmp_path / "nobody.sock")

    asyncio.run(nobody())

    async def use(pool: CorePool) -> None:
        with pytest.raises(CoreUnavailableError):
            await asked(pool)

    run(tmp_path / "core.sock", Core(answer=b"", closes=True), use, 1)
