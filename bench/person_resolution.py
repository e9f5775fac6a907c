"""What it costs to count unique persons after 200,000 merges, over a million events.

    python bench/person_resolution.py

Prints, for each count, processor time and clock (the best of several runs, in turns) with and
without merges, and their ratio: on parts as ingest leaves them, and merged into one part.
`query/person_resolution.py` has the form of the join.
"""

import argparse
import resource
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hedgerow.query.person_resolution import resolved_rows
from hedgerow.store.client import open_store

MERGED, PLAIN = 1, 2
RUNS = 9
INSERTS = 10


@dataclass(slots=True)
class Cost:
    clock_ms: float = float("inf")
    processor_ms: float = float("inf")


def person(number: str) -> str:
    """A uuid that follows from a number, spread like a hash."""
    return f"reinterpretAsUUID(MD5(toString({number})))"


def fill(client: Any, events: int, merges: int) -> None:
    """Events of `2 * merges` persons; in the first project half of them are merged away."""
    for project_id in (MERGED, PLAIN):
        for start in range(0, events, events // INSERTS):
            client.command(
                "INSERT INTO events (uuid, project_id, event, distinct_id, person_id, timestamp, "
                "received_at, log_position, log_index) "
                f"SELECT generateUUIDv4(), {project_id}, "
                "['view', 'click', 'buy'][number % 3 + 1], "
                f"toString(number % {2 * merges}), {person(f'number % {2 * merges}')}, "
                "toDateTime64('2026-03-01', 6) + toIntervalSecond(intHash32(number) % 2500000), "
                f"now64(6), number, 0 FROM numbers({start}, {events // INSERTS})"
            )
    client.command(
        f"INSERT INTO person_overrides SELECT {MERGED}, {person('number')}, "
        f"{person(f'number + {merges}')}, 1, 0 FROM numbers({merges})"
    )


def rows(project_id: int) -> str:
    found = f"SELECT person_id, timestamp FROM events FINAL WHERE project_id = {project_id}"
    return found if project_id == PLAIN else resolved_rows(found, project_id)


def counts(project_id: int) -> dict[str, str]:
    return {
        "unique persons": f"SELECT uniqExact(person_id) FROM ({rows(project_id)})",
        "unique persons by day": (
            "SELECT toDate(timestamp) AS day, uniqExact(person_id) "
            f"FROM ({rows(project_id)}) GROUP BY day"
        ),
    }


def processor_ms() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return (usage.ru_utime + usage.ru_stime) * 1000


def run(client: Any, statement: str, cost: Cost) -> Any:
    started, used = time.perf_counter(), processor_ms()
    answer = client.query(statement).result_rows
    cost.clock_ms = min(cost.clock_ms, (time.perf_counter() - started) * 1000)
    cost.processor_ms = min(cost.processor_ms, processor_ms() - used)
    return answer


def measure(client: Any, label: str, merges: int) -> None:
    for name in counts(PLAIN):
        plain, merged = Cost(), Cost()
        for _ in range(RUNS):
            before = run(client, counts(PLAIN)[name], plain)
            after = run(client, counts(MERGED)[name], merged)
        if name == "unique persons":
            assert before[0][0] - after[0][0] == merges, "every merge makes one person less"
        print(
            f"{label:22} {name:22} without merges {plain.clock_ms:6.1f} ms "
            f"({plain.processor_ms:6.1f} cpu)   resolved {merged.clock_ms:6.1f} ms "
            f"({merged.processor_ms:6.1f} cpu)   ratio {merged.clock_ms / plain.clock_ms:.2f} "
            f"({merged.processor_ms / plain.processor_ms:.2f} cpu)"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--merges", type=int, default=200_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        client = open_store(Path(name) / "store")
        client.command("SYSTEM STOP MERGES events")
        fill(client, options.events, options.merges)
        measure(client, f"{2 * INSERTS} parts, with FINAL", options.merges)
        client.command("SYSTEM START MERGES events")
        client.command("OPTIMIZE TABLE events FINAL")
        measure(client, "one part", options.merges)


if __name__ == "__main__":
    main()
