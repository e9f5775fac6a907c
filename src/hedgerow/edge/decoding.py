"""Where a request is decoded: at once if that is quick, else in a thread beside the others."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from hedgerow.core.errors import CaptureRefusal
from hedgerow.wire.capture import CaptureOutcome, CaptureRequest, CaptureRules, capture

# Larger than this, as sent or once decoded, a body would hold up the event loop.
QUICK_BODY_BYTES: Final = 256 * 1024
QUICK_DECODED_BYTES: Final = 1024 * 1024
# Few, since each may take the largest decoded size, and they share one interpreter anyway.
_THREADS: Final = 2


class Decoding:
    """The threads start with the first request that needs one."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="decode")

    async def capture(self, request: CaptureRequest, rules: CaptureRules) -> CaptureOutcome:
        """`wire.capture.capture`, without holding up other requests."""
        if len(request.body) <= QUICK_BODY_BYTES:
            try:
                return capture(request, rules, QUICK_DECODED_BYTES)
            except CaptureRefusal as refusal:
                # Whether it is too large for this place or for any, the second look tells.
                if refusal.status != 413:
                    raise
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, capture, request, rules)
