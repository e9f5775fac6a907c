"""Where a request is decoded: at once if that is quick, else in a thread beside the others."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

from hedgerow.core import limits
from hedgerow.core.errors import CaptureRefusal

# Larger than this, as sent or once decoded, a body would hold up the event loop.
QUICK_BODY_BYTES: Final = 256 * 1024
QUICK_DECODED_BYTES: Final = 1024 * 1024
# Few, since each may take the largest decoded size, and they share one interpreter anyway.
_THREADS: Final = 2

Decoded = TypeVar("Decoded")


class Decoding:
    """The threads start with the first request that needs one."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="decode")

    async def run(
        self,
        body: bytes,
        decode: Callable[[int], Decoded],
        decoded_bytes_max: int = limits.DECODED_BYTES_MAX,
    ) -> Decoded:
        """What `decode` makes of `body`, without holding up other requests.

        `decode` gets the most bytes that the body may decode to, and raises `CaptureRefusal` 413
        over it.
        """
        if len(body) <= QUICK_BODY_BYTES:
            try:
                return decode(min(QUICK_DECODED_BYTES, decoded_bytes_max))
            except CaptureRefusal as refusal:
                # Whether it is too large for this place or for any, the second look tells.
                if refusal.status != 413 or decoded_bytes_max <= QUICK_DECODED_BYTES:
                    raise
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, decode, decoded_bytes_max)
