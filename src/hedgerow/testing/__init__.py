"""What tests of Hedgerow, and of programs that use it, import."""

from hedgerow.testing.capture_vectors import run_capture_vector
from hedgerow.testing.ingestion_vectors import run_ingestion_vector
from hedgerow.testing.insight_worker import run_insight_vector
from hedgerow.testing.not_covered import NotCovered
from hedgerow.testing.server import HedgerowServer

__all__ = [
    "HedgerowServer",
    "NotCovered",
    "run_capture_vector",
    "run_ingestion_vector",
    "run_insight_vector",
]
