"""Claim: reading events without FINAL is worth keeping duplicates out at ingestion (decision 3).

    python bench/final_cost.py [--events N]

One project, 100,000 people, 30 days, inserted in order of time as live traffic is. Each figure is
the best of five.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

# So that the other files of this folder are found as the package they are.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from hedgerow.store.client import Client, open_store

EVENTS = 1_000_000
INSERT_EVENTS = 200_000
DAYS = 30
RUNS = 5
FIRST_US = 1_780_000_000_000_000

READINGS = {
    "as stored": ("", ""),
    "FINAL": ("FINAL", ""),
    "FINAL, by partition": (
        "FINAL",
        "SETTINGS do_not_merge_across_partitions_select_final = 1",
    ),
}
QUERIES = {
    "daily unique users over 30 days": "SELECT toDate(timestamp) AS day, uniqExact(person_id) "
    "FROM (SELECT * FROM events {final} WHERE project_id = 1) "
    "WHERE event = '$pageview' GROUP BY day ORDER BY day",
    "count of all events": "SELECT count() "
    "FROM (SELECT * FROM events {final} WHERE project_id = 1)",
    "one day by a hot property": "SELECT browser, count() "
    "FROM (SELECT * FROM events {final} WHERE project_id = 1) "
    "WHERE toDate(timestamp) = '2026-06-10' GROUP BY browser ORDER BY browser",
    "all by a property in the JSON text": "SELECT JSONExtractInt(properties, 'tab') AS tab, "
    "count() FROM (SELECT * FROM events {final} WHERE project_id = 1) GROUP BY tab ORDER BY tab",
}


def fill(client: Client, events: int) -> None:
    spacing_us = DAYS * 86_400_000_000 // events
    for first in range(0, events, INSERT_EVENTS):
        client.command(
            f"""
            INSERT INTO events (uuid, project_id, event, distinct_id, person_id, timestamp,
                received_at, properties, person_properties, log_position, browser)
            SELECT generateUUIDv4(number), 1,
                ['$pageview', '$autocapture', 'file opened'][1 + cityHash64(number, 1) % 3],
                'person-' || toString(cityHash64(number, 2) % 100000) AS id,
                reinterpretAsUUID(MD5(id)),
                fromUnixTimestamp64Micro({FIRST_US} + number * {spacing_us}) AS time, time,
                '{{"$lib":"web","$current_url":"https://shop.example/' ||
                    toString(cityHash64(number, 3) % 7) || '","tab":' ||
                    toString(cityHash64(number, 4) % 10) || ',"total":' ||
                    toString(cityHash64(number, 5) % 40000) || ',"$session_id":"' ||
                    toString(generateUUIDv4(number + 1)) || '"}}',
                '{{"plan":"pro"}}', number,
                ['Chrome', 'Firefox', 'Safari'][1 + cityHash64(number, 6) % 3]
            FROM numbers({first}, {min(INSERT_EVENTS, events - first)})
            """
        )


def best_ms(client: Client, query: str) -> float:
    """Of several runs; every reading must give the same answer."""
    times = []
    for _ in range(RUNS):
        started = time.perf_counter()
        client.query(query)
        times.append(time.perf_counter() - started)
    return min(times) * 1000


def measure(folder: Path, events: int) -> None:
    client = open_store(folder / "store")
    fill(client, events)
    print(f"| {events:,} events | " + " | ".join(READINGS) + " |")
    print("|---" * (len(READINGS) + 1) + "|")
    for name, query in QUERIES.items():
        asked = [query.format(final=final) + " " + more for final, more in READINGS.values()]
        answers = [client.query(one).result_rows for one in asked]
        assert all(answer == answers[0] for answer in answers), "the readings agree"
        cells = [f"{best_ms(client, one):,.0f} ms" for one in asked]
        print(f"| {name} | " + " | ".join(cells) + " |")
    client.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=EVENTS)
    with tempfile.TemporaryDirectory() as name:
        measure(Path(name), parser.parse_args().events)
