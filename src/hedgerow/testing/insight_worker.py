"""The process in which `run_insight_vector` runs its vectors.

chDB opens one folder in the life of a process. A process of its own lets the caller run any number
of vectors, also while its own process has an engine open.
"""

import atexit
import contextlib
import functools
import itertools
import os
import subprocess
import sys
import tempfile
import traceback
from pathlib import Path
from typing import Any, BinaryIO, Final

from hedgerow.core import json
from hedgerow.store.client import connect
from hedgerow.store.event_store import ChdbEventStore
from hedgerow.testing.insight_vectors import (
    VectorEngine,
    VectorFailedError,
    run_insight_vector_on,
)
from hedgerow.testing.not_covered import NotCovered

_END_TIMEOUT_S: Final = 10


def run_insight_vector(vector: dict[str, Any]) -> dict[str, Any]:
    """Ingest the vector's events as a fresh project and return the answer to its query.

    For `x-` kinds the answer has the shape of the vector's `expected`. Raises `NotCovered` for
    what is not there yet, and `VectorFailedError` where there is no answer.
    """
    return _worker().run(vector)


class InsightWorker:
    """The calling side: one vector at a time."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", f"from {__name__} import main; main()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def run(self, vector: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin is not None, "the process was started with a pipe"
        assert self._process.stdout is not None, "the process was started with a pipe"
        self._process.stdin.write(json.encode(vector) + b"\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            _worker.cache_clear()  # the next vector gets a new process
            raise VectorFailedError(f"the engine's process ended with {self._process.wait()}")
        reply = json.decode(line)
        if "not_covered" in reply:
            raise NotCovered(reply["not_covered"])
        if "failed" in reply:
            raise VectorFailedError(reply["failed"])
        answer: dict[str, Any] = reply["answer"]
        return answer

    def close(self) -> None:
        """End the process: it stops when nothing more can come."""
        with contextlib.suppress(BrokenPipeError):
            if self._process.stdin is not None:
                self._process.stdin.close()
        try:
            self._process.wait(_END_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self._process.kill()


@functools.cache
def _worker() -> InsightWorker:
    worker = InsightWorker()
    atexit.register(worker.close)
    return worker


def _serve(vectors: BinaryIO, replies: BinaryIO) -> None:
    """One line in, one line out. Each vector is a project of one engine."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "store"
        store = ChdbEventStore(folder)
        engine = VectorEngine(store, lambda: connect(folder))
        try:
            for project_id, line in zip(itertools.count(1), vectors, strict=False):
                replies.write(json.encode(_reply(engine, project_id, json.decode(line))) + b"\n")
                replies.flush()
        finally:
            store.close()


def _reply(engine: VectorEngine, project_id: int, vector: dict[str, Any]) -> dict[str, Any]:
    try:
        return {"answer": run_insight_vector_on(engine, project_id, vector)}
    except NotCovered as left_out:
        return {"not_covered": left_out.reason}
    except VectorFailedError as failed:
        return {"failed": str(failed)}
    except Exception:  # noqa: BLE001 - the caller raises it with its traceback
        return {"failed": traceback.format_exc()}


def main() -> None:
    # What the engine or a library prints must not come between the replies.
    with os.fdopen(os.dup(1), "wb") as replies:
        os.dup2(2, 1)
        _serve(sys.stdin.buffer, replies)
