"""Answers that were already worked out, and questions that are being worked out.

An answer is kept under what was asked (project, query, settings, dates) and under how far the
project's data had come. The same question about the same data is answered once, however many ask
at the same time.
"""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field
from typing import Any, Final

from hedgerow.core import json
from hedgerow.query.cancellation import Cancellation, QueryCancelledError

BYTES_MAX: Final = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class CachedAnswer:
    """`body` is the response; `data_version` how far the data had come when it was made."""

    body: dict[str, Any]
    data_version: int
    made_at_us: int
    size_bytes: int


@dataclass(slots=True, eq=False)
class _Working:
    """An answer that is being worked out for so many who ask; the last to give up ends it."""

    key: tuple[str, int]
    answer: Future[CachedAnswer] = field(default_factory=Future)
    cancellation: Cancellation = field(default_factory=Cancellation)
    asking: int = 0


def cache_key(*parts: Any) -> str:
    """One text for everything that the answer depends on, but for the data."""
    return "cache_" + hashlib.sha256(json.encode_sorted(parts)).hexdigest()


class ResultCache:
    """The newest answer to each question, the least recently asked for dropped first."""

    def __init__(self, bytes_max: int = BYTES_MAX) -> None:
        self._bytes_max = bytes_max
        self._bytes = 0
        self._answers: OrderedDict[str, CachedAnswer] = OrderedDict()
        self._working: dict[tuple[str, int], _Working] = {}
        self._lock = threading.Lock()

    def get(self, key: str) -> CachedAnswer | None:
        """The answer, whatever data it was made from."""
        with self._lock:
            found = self._answers.get(key)
            if found is not None:
                self._answers.move_to_end(key)
            return found

    def run(
        self,
        key: str,
        data_version: int,
        made_at_us: int,
        make: Callable[[Cancellation], dict[str, Any]],
        cancellation: Cancellation,
    ) -> CachedAnswer:
        """`make` the answer and keep it; who asks the same meanwhile waits for it (blocking).

        Who is cancelled stops to wait; the work goes on for the others.
        """
        given_up: Future[None] = Future()
        with self._lock:
            working = self._working.get((key, data_version))
            is_first = working is None
            if working is None:
                working = _Working((key, data_version))
                self._working[working.key] = working
            working.asking += 1

        def give_up() -> None:
            given_up.set_result(None)
            self._leave(working)

        with cancellation.ended_by(give_up):
            if is_first:
                return self._made(working, made_at_us, make)
            either: tuple[Future[Any], ...] = (working.answer, given_up)
            wait(either, return_when=FIRST_COMPLETED)
        if not working.answer.done():
            raise QueryCancelledError
        return working.answer.result()

    def _leave(self, working: _Working) -> None:
        with self._lock:
            working.asking -= 1
            if working.asking > 0:
                return
            # Whoever asks from here on asks anew.
            self._forget(working)
        working.cancellation.cancel()

    def _made(
        self,
        working: _Working,
        made_at_us: int,
        make: Callable[[Cancellation], dict[str, Any]],
    ) -> CachedAnswer:
        try:
            body = make(working.cancellation)
            answer = CachedAnswer(body, working.key[1], made_at_us, len(json.encode(body)))
        except BaseException as error:
            with self._lock:
                self._forget(working)
            working.answer.set_exception(error)
            raise
        with self._lock:
            self._forget(working)
            self._keep(working.key[0], answer)
        working.answer.set_result(answer)
        return answer

    def _forget(self, working: _Working) -> None:
        if self._working.get(working.key) is working:
            del self._working[working.key]

    def _keep(self, key: str, answer: CachedAnswer) -> None:
        old = self._answers.pop(key, None)
        self._bytes += answer.size_bytes - (old.size_bytes if old else 0)
        self._answers[key] = answer
        while self._bytes > self._bytes_max:
            _, dropped = self._answers.popitem(last=False)
            self._bytes -= dropped.size_bytes
