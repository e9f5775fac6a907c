"""Reading bodies: deadlines, sizes and the memory budget hold in every way a body is read."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from hedgerow.core import limits
from hedgerow.core.errors import CaptureRefusal
from hedgerow.edge.admission import InFlightBudget
from hedgerow.edge.body import MIDDLE_BODY_BYTES, SMALL_BODY_BYTES, BodyReader
from hedgerow.edge.deadlines import Deadlines


class SlowBody:
    """Arrives in pieces with a pause before each."""

    def __init__(self, pieces: int, pause_seconds: float, piece: bytes = b"x" * 1000) -> None:
        self.pieces, self.pause_seconds, self.piece = pieces, pause_seconds, piece

    async def whole(self) -> bytes:
        return b"".join([chunk async for chunk in self.chunks()])

    async def chunks(self) -> AsyncIterator[bytes]:
        for _ in range(self.pieces):
            await asyncio.sleep(self.pause_seconds)
            yield self.piece


def read(body: SlowBody, declared_bytes: int | None, reader: BodyReader | None = None) -> bytes:
    budget = InFlightBudget(limits.IN_FLIGHT_BYTES_MAX)

    async def run() -> bytes:
        return await (reader or BodyReader(0.1, 0.6)).read(body, budget.reserve(), declared_bytes)

    return asyncio.run(run())


@pytest.mark.parametrize("declared_bytes", [1000, SMALL_BODY_BYTES + 1, None])
def test_a_client_that_stalls_is_told_so(declared_bytes: int | None) -> None:
    with pytest.raises(CaptureRefusal) as refused:
        read(SlowBody(1, 30), declared_bytes)
    assert refused.value.status == 408


def test_a_slow_client_that_keeps_sending_may_take_longer_than_one_gap() -> None:
    assert len(read(SlowBody(8, 0.04), None)) == 8000
    assert len(read(SlowBody(8, 0.04), MIDDLE_BODY_BYTES)) == 8000


def test_a_client_that_trickles_for_ever_is_cut_off() -> None:
    with pytest.raises(CaptureRefusal) as refused:
        read(SlowBody(10_000, 0.01, b"x"), None)
    assert refused.value.status == 408


@pytest.mark.parametrize("declared_bytes", [limits.BODY_BYTES_MAX + 1, None])
def test_a_body_over_the_limit_is_refused_and_drained(declared_bytes: int | None) -> None:
    body = SlowBody(25, 0, b"x" * (1 << 20))
    with pytest.raises(CaptureRefusal) as refused:
        read(body, declared_bytes)
    assert refused.value.status == 413


def test_a_large_size_that_is_only_declared_takes_no_memory() -> None:
    budget = InFlightBudget(limits.BODY_BYTES_MAX)

    async def run() -> int:
        tasks = [
            asyncio.create_task(
                BodyReader(5, 5).read(SlowBody(1, 5), budget.reserve(), limits.BODY_BYTES_MAX)
            )
            for _ in range(50)
        ]
        await asyncio.sleep(0.05)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        return budget.used_bytes

    assert asyncio.run(run()) == 0


def test_a_wait_within_its_deadline_gives_its_result_and_a_cancelled_one_stays_cancelled() -> None:
    async def run() -> None:
        deadlines = Deadlines(0.1)
        assert await deadlines.wait(asyncio.sleep(0.01, "done")) == "done"
        waiting = asyncio.create_task(deadlines.wait(asyncio.sleep(30)))
        await asyncio.sleep(0.01)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        # After a pause with nobody waiting, deadlines hold again.
        await asyncio.sleep(0.05)
        with pytest.raises(TimeoutError):
            await deadlines.wait(asyncio.sleep(30))

    asyncio.run(run())
