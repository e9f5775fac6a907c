"""A folder of the made-up shop's events for `insights.py`, and what is known of them.

    python -m bench.insight_store --events 10000000 --copies 10 DIR

Loads once; a folder that is complete is left as it is. With `--copies N` a Nth of the events is
made and inserted as ingestion inserts, and the engine copies them with other ids: other people,
sessions and uuids, so that counts of events and of people are N times those that are known.
"""

import argparse
import time
from pathlib import Path
from typing import Any, Final

from bench.insight_events import DAYS, EventWorld
from bench.insight_questions import PROJECT

from hedgerow.core import json
from hedgerow.store.client import connect
from hedgerow.store.event_store import ChdbEventStore
from hedgerow.store.promoted import PromotedProperty
from hedgerow.store.promotion import ColumnPromotion
from hedgerow.store.side_rows import SideRows

PROMOTED: Final = PromotedProperty("event", "plan", "String")
_BATCH: Final = 100_000
_ANSWERS: Final = "answers.json"


def load(folder: Path, events: int, copies: int, seed: int) -> None:
    """Blocking. Raises SystemExit where the folder holds something else."""
    asked = {"events": events, "copies": copies, "seed": seed}
    if (folder / _ANSWERS).exists():
        if read_answers(folder)["asked"] != asked:
            raise SystemExit(f"{folder} holds other events than were asked for.")
        return
    started = time.perf_counter()
    store = ChdbEventStore(store_folder(folder))
    world = EventWorld(seed, events // copies, PROJECT)
    for batch in world.batches(_BATCH):
        store.insert_events(batch)
    store.insert_side_rows(SideRows(overrides=world.overrides))
    store.close()
    client = connect(store_folder(folder))
    for copy in range(1, copies):
        for statement in _copying(copy, events // copies):
            client.command(statement)
    client.close()
    _promote(store_folder(folder))
    (folder / _ANSWERS).write_bytes(json.encode({"asked": asked, **_known(world, copies)}))
    print(f"{events} events loaded in {time.perf_counter() - started:.0f} s")


def store_folder(folder: Path) -> Path:
    return folder / "store"


def read_answers(folder: Path) -> dict[str, Any]:
    """`merges`, `by_day`, and users by day for each value of browser and plan."""
    found: dict[str, Any] = json.decode((folder / _ANSWERS).read_bytes())
    return found


def _copying(copy: int, events: int) -> list[str]:
    """Ids differ in their last byte, which leaves a UUID's version alone."""

    def other(column: str) -> str:
        number = f"bitXor(reinterpret({column}, 'UInt128'), toUInt128({copy}))"
        return f"reinterpret({number}, 'UUID') AS {column}"

    originals = f"(SELECT * FROM events WHERE log_position <= {events})"
    events_copied = (
        f"INSERT INTO events SELECT * REPLACE ({other('uuid')}, {other('person_id')}, "
        f"{other('session_uuid')}, concat(distinct_id, '-{copy}') AS distinct_id, "
        f"concat(session_id, '-{copy}') AS session_id, "
        f"log_position + {copy * events} AS log_position) FROM {originals}"
    )
    overrides_copied = (
        f"INSERT INTO person_overrides SELECT * REPLACE ({other('old_person_id')}, "
        f"{other('person_id')}, version + {copy} AS version) "
        "FROM (SELECT * FROM person_overrides WHERE version = 1)"
    )
    return [events_copied, overrides_copied]


def _promote(folder: Path) -> None:
    started = time.perf_counter()
    columns = ColumnPromotion(lambda: connect(folder))
    columns.promote(PROMOTED)
    while not all(progress.done for progress in columns.progress()):
        time.sleep(0.2)
    columns.close()
    print(f"property promoted in {time.perf_counter() - started:.0f} s")


def _known(world: EventWorld, copies: int) -> dict[str, Any]:
    answers = world.answers
    return {
        "merges": len(world.overrides) * copies,
        "by_day": [answers.by_day[day] * copies for day in range(DAYS)],
        "$browser": _users_by_day(answers.users_by_day_and_browser, copies),
        "plan": _users_by_day(answers.users_by_day_and_plan, copies),
    }


def _users_by_day(users: dict[tuple[int, str], set[int]], copies: int) -> dict[str, list[int]]:
    values = {value for _, value in users}
    return {
        value: [len(users.get((day, value), ())) * copies for day in range(DAYS)]
        for value in sorted(values)
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--copies", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    load(asked.folder, asked.events, asked.copies, asked.seed)


if __name__ == "__main__":
    main()
