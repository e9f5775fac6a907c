"""Claim: ready in 3 s from nothing, and small while idle."""

import statistics
import time
from dataclasses import dataclass
from pathlib import Path

from bench.hedgerow_server import Hedgerow, running_hedgerow
from bench.process_usage import Memory, read_memory

IDLE_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Start:
    seconds_to_ready: float
    idle_memory: Memory


def _memory_when_idle(server: Hedgerow) -> Memory:
    time.sleep(IDLE_SECONDS)
    return read_memory(server.process_ids().values())


def measure_start(folder: Path, runs: int) -> Start:
    """The median start on a data folder that does not exist yet, and the last one's memory.

    Ready means that `/_readiness` answers 200, counted from the start of the process. Blocking.
    """
    seconds = []
    for number in range(runs):
        with running_hedgerow(folder / f"start-{number}") as server:
            seconds.append(server.seconds_to_ready)
            if number == runs - 1:
                idle_memory = _memory_when_idle(server)
    return Start(statistics.median(seconds), idle_memory)
