"""The garbage collector, tuned for processes that make many objects and few cycles."""

import ctypes
import gc
import sys
from typing import Final

# A batch holds hundreds of thousands of live objects; looking through them finds nothing.
_YOUNG_OBJECTS: Final = 100_000
_MIDDLE_ROUNDS: Final = 20
_OLD_ROUNDS: Final = 50


def tune_garbage_collection() -> None:
    """Called once everything is built: what lives now lives as long as the process."""
    gc.collect()
    if sys.platform.startswith("linux"):
        # What building everything took and does not need any more goes back to the system.
        ctypes.CDLL(None).malloc_trim(0)
    gc.freeze()
    gc.set_threshold(_YOUNG_OBJECTS, _MIDDLE_ROUNDS, _OLD_ROUNDS)
