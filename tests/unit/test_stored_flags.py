"""The edge's questions to the core: asked together, given up in time, and not asked for a while."""

import asyncio
import contextlib
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from hedgerow.core import limits
from hedgerow.core.clock import FixedClock
from hedgerow.edge.stored_flags import StoredFlags
from hedgerow.flags.evaluation import FlagResult, Reason
from hedgerow.flags.stored_question import decode_questions, encode_answers

ON = FlagResult(enabled=True, variant=None, reason=Reason.CONDITION_MATCH, condition_index=0)


class Core:
    """Answers over a Unix socket as the core does, with this status."""

    def __init__(self) -> None:
        self.requests = 0
        self.status = 200

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
                questions = decode_questions(await reader.readexactly(length))
                self.requests += 1
                body = encode_answers([dict.fromkeys(item.flag_keys, ON) for item in questions])
                answer = b"HTTP/1.1 %d X\r\ncontent-length: %d\r\n\r\n" % (self.status, len(body))
                writer.write(answer + body)


@asynccontextmanager
async def listening(core: Core) -> AsyncIterator[Path]:
    # The name of a Unix socket must be short.
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "s"
        server = await asyncio.start_unix_server(core.handle, path)
        yield path
        server.close()


async def ask(stored: StoredFlags, key: str = "flag") -> dict[str, FlagResult]:
    return dict(await stored.evaluate("phc_a", b"{}", [key]))


def test_questions_that_come_together_are_asked_together() -> None:
    async def run() -> tuple[list[dict[str, FlagResult]], int]:
        core = Core()
        async with listening(core) as socket:
            stored = StoredFlags(socket, FixedClock(0))
            asked = [ask(stored, f"flag-{number}") for number in range(50)]
            answers = await asyncio.gather(*asked)
            await stored.close()
        return answers, core.requests

    answers, requests = asyncio.run(run())

    assert answers == [{f"flag-{number}": ON} for number in range(50)]
    assert requests <= 2


def test_a_core_that_fails_is_left_alone_for_a_moment_and_then_asked_again() -> None:
    async def run() -> tuple[list[dict[str, FlagResult]], int, dict[str, FlagResult]]:
        core, clock = Core(), FixedClock(0)
        async with listening(core) as socket:
            stored = StoredFlags(socket, clock)
            core.status = 500
            failed = [await ask(stored) for _ in range(limits.FLAGS_CORE_FAILURES_MAX)]
            core.status = 200
            before = core.requests
            failed.append(await ask(stored))
            asked_while_paused = core.requests - before
            clock.advance(limits.FLAGS_CORE_PAUSE_MS * 1000)
            answer = await ask(stored)
            await stored.close()
        return failed, asked_while_paused, answer

    failed, asked_while_paused, answer = asyncio.run(run())

    assert failed == [{}] * (limits.FLAGS_CORE_FAILURES_MAX + 1)
    assert asked_while_paused == 0
    assert answer == {"flag": ON}


def test_a_core_that_is_not_there_costs_no_time() -> None:
    async def run() -> dict[str, FlagResult]:
        stored = StoredFlags(Path("/nonexistent/core.sock"), FixedClock(0))
        answer = await ask(stored)
        await stored.close()
        return answer

    assert asyncio.run(run()) == {}
