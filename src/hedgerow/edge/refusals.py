"""Remembers the last kinds of refused requests, and writes them where the core finds them.

Only refusals cost anything here: an accepted request never comes by. A flood of them costs one
small file a second.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Final

import structlog

from hedgerow.core.clock import Clock
from hedgerow.core.errors import CaptureRefusal
from hedgerow.edge.request import RequestHead
from hedgerow.wire.refusals import Refusal, encode_refusals

log = structlog.get_logger()

KINDS_MAX: Final = 50
TEXT_CHARS_MAX: Final = 100
WRITE_SECONDS_MIN: Final = 1.0

_Kind = tuple[int, str, str, str]


class Refusals:
    """Kinds by status, text, key and path; the ones seen last are kept.

    `write` gets the whole list, encoded, in a thread, at most once a second.
    """

    def __init__(self, clock: Clock, write: Callable[[bytes], None]) -> None:
        self._clock = clock
        self._write = write
        self._kinds: OrderedDict[_Kind, Refusal] = OrderedDict()
        self._number = 0
        self._writing: asyncio.Task[None] | None = None

    def record(self, head: RequestHead, refusal: CaptureRefusal) -> None:
        """Call it in the event loop."""
        path, key = _short(head.path), _short(refusal.key)
        kind = (refusal.status, refusal.text, key, path)
        before = self._kinds.pop(kind, None)
        self._number += 1
        self._kinds[kind] = Refusal(
            number=self._number,
            status=refusal.status,
            text=_short(refusal.text),
            key=key,
            path=path,
            user_agent=_short(head.header("user-agent") or ""),
            count=1 if before is None else before.count + 1,
            last_seen_us=self._clock.now_us(),
        )
        if len(self._kinds) > KINDS_MAX:
            self._kinds.popitem(last=False)
        if self._writing is None:
            self._writing = asyncio.create_task(self._write_soon())

    async def _write_soon(self) -> None:
        """Once for all that come within a moment."""
        try:
            data = encode_refusals(list(self._kinds.values()))
            await asyncio.to_thread(self._write, data)
            written = self._number
            await asyncio.sleep(WRITE_SECONDS_MIN)
        except OSError as error:
            log.warning("refusals_not_written", error=str(error))
            written = self._number
        self._writing = None
        if self._number != written:
            self._writing = asyncio.create_task(self._write_soon())


def written_to(path: Path) -> Callable[[bytes], None]:
    """Replaces the file as a whole, so that a reader never sees half of it."""

    def write(data: bytes) -> None:
        unfinished = path.with_suffix(".new")
        unfinished.write_bytes(data)
        unfinished.replace(path)

    return write


def _short(text: str) -> str:
    """Also fit for JSON, which has no half characters."""
    return text[:TEXT_CHARS_MAX].encode("utf-8", "replace").decode()
