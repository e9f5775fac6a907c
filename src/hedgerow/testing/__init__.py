"""What tests of Hedgerow, and of programs that use it, import."""

from hedgerow.testing.capture_vectors import run_capture_vector
from hedgerow.testing.not_covered import NotCovered

__all__ = ["NotCovered", "run_capture_vector"]
