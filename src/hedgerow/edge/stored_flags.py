"""Asks the core for flags that need what is stored, with a short deadline.

Questions that come while one is under way are asked together next. When the core fails several
times in a row it is left alone for a moment: requests must not all wait for one that is down.
"""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import httpx
import msgspec
import structlog

from hedgerow.core import limits
from hedgerow.core.clock import Clock
from hedgerow.flags.evaluation import FlagResult
from hedgerow.flags.stored_question import (
    STORED_FLAGS_PATH,
    StoredAnswer,
    StoredQuestion,
    decode_answers,
    encode_questions,
)

log = structlog.get_logger()

DEADLINE_SECONDS = limits.FLAGS_CORE_MS_MAX / 1000


class _Waiting(NamedTuple):
    question: StoredQuestion
    answer: asyncio.Future[StoredAnswer]


class StoredFlags:
    def __init__(self, socket: Path, clock: Clock) -> None:
        self._client = httpx.AsyncClient(
            transport=httpx.AsyncHTTPTransport(uds=str(socket)),
            base_url="http://core",
            timeout=httpx.Timeout(DEADLINE_SECONDS),
            trust_env=False,
        )
        self._clock = clock
        self._waiting: list[_Waiting] = []
        self._asking: asyncio.Task[None] | None = None
        self._failures = 0
        self._paused_until = 0.0

    async def evaluate(
        self, token: str, request: bytes, flag_keys: Sequence[str]
    ) -> Mapping[str, FlagResult]:
        """Results of these flags; those that nobody can tell, or not in time, are left out.

        `request` is the JSON of the flag request, as its sender wrote it.
        """
        if self._clock.monotonic_seconds() < self._paused_until:
            return {}
        answer: asyncio.Future[StoredAnswer] = asyncio.get_running_loop().create_future()
        question = StoredQuestion(token, msgspec.Raw(request), list(flag_keys))
        self._waiting.append(_Waiting(question, answer))
        if self._asking is None:
            self._asking = asyncio.create_task(self._ask_all())
        try:
            async with asyncio.timeout(DEADLINE_SECONDS):
                return await answer
        except TimeoutError:
            return {}

    async def _ask_all(self) -> None:
        """One batch after the other, until nobody waits."""
        while self._waiting:
            batch = self._waiting[: limits.FLAGS_CORE_BATCH_MAX]
            del self._waiting[: limits.FLAGS_CORE_BATCH_MAX]
            # Who has given up needs no answer.
            asked = [item for item in batch if not item.answer.done()]
            if not asked:
                continue
            answers = await self._answers([item.question for item in asked])
            for item, answer in zip(asked, answers, strict=True):
                if not item.answer.done():
                    item.answer.set_result(answer)
        self._asking = None

    async def _answers(self, questions: list[StoredQuestion]) -> list[StoredAnswer]:
        """One for each question; empty ones when the core does not answer."""
        try:
            response = await self._client.post(
                STORED_FLAGS_PATH, content=encode_questions(questions)
            )
            response.raise_for_status()
            answers = decode_answers(response.content)
        except (httpx.HTTPError, msgspec.MsgspecError) as error:
            self._failed(error)
            return [{} for _ in questions]
        self._failures = 0
        return answers

    def _failed(self, error: Exception) -> None:
        self._failures += 1
        log.warning("stored_flags_unavailable", error=str(error) or type(error).__name__)
        if self._failures >= limits.FLAGS_CORE_FAILURES_MAX:
            pause_seconds = limits.FLAGS_CORE_PAUSE_MS / 1000
            self._paused_until = self._clock.monotonic_seconds() + pause_seconds

    async def close(self) -> None:
        if self._asking is not None:
            self._asking.cancel()
        await self._client.aclose()
