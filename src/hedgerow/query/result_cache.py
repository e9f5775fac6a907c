"""Answers that were already worked out, and questions that are being worked out.

An answer is kept under what was asked (project, query, settings, dates) and under how far the
project's data had come. The same question about the same data is answered once, however many ask
at the same time.
"""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, Final

from hedgerow.core import json
from hedgerow.query.query_jobs import QueryCancelledError

BYTES_MAX: Final = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class CachedAnswer:
    """`body` is the response; `data_version` how far the data had come when it was made."""

    body: dict[str, Any]
    data_version: int
    made_at_us: int
    size_bytes: int


def cache_key(*parts: Any) -> str:
    """One text for everything that the answer depends on, but for the data."""
    return "cache_" + hashlib.sha256(json.encode_sorted(parts)).hexdigest()


class ResultCache:
    """The newest answer to each question, the least recently asked for dropped first."""

    def __init__(self, bytes_max: int = BYTES_MAX) -> None:
        self._bytes_max = bytes_max
        self._bytes = 0
        self._answers: OrderedDict[str, CachedAnswer] = OrderedDict()
        self._running: dict[tuple[str, int], Future[CachedAnswer]] = {}
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
        make: Callable[[], dict[str, Any]],
    ) -> CachedAnswer:
        """`make` the answer and keep it; who asks the same meanwhile waits for it (blocking)."""
        running_key = (key, data_version)
        with self._lock:
            running = self._running.get(running_key)
            if running is None:
                mine: Future[CachedAnswer] = Future()
                self._running[running_key] = mine
        if running is not None:
            try:
                return running.result()
            except QueryCancelledError:
                # Whoever asked first has given up; we have not.
                return self.run(key, data_version, made_at_us, make)
        try:
            body = make()
            answer = CachedAnswer(body, data_version, made_at_us, len(json.encode(body)))
        except BaseException as error:
            with self._lock:
                del self._running[running_key]
            mine.set_exception(error)
            raise
        self._keep(running_key, answer)
        mine.set_result(answer)
        return answer

    def _keep(self, running_key: tuple[str, int], answer: CachedAnswer) -> None:
        key = running_key[0]
        with self._lock:
            del self._running[running_key]
            old = self._answers.pop(key, None)
            self._bytes += answer.size_bytes - (old.size_bytes if old else 0)
            self._answers[key] = answer
            while self._bytes > self._bytes_max:
                _, dropped = self._answers.popitem(last=False)
                self._bytes -= dropped.size_bytes
