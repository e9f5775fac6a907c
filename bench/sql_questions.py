"""What promotion, sessions and merged persons cost in SQL, at a given number of events.

    python bench/sql_questions.py --events 10000000

Prints the median of 5 warm runs on the clock and in processor time, before and after promoting a
property. The events are made by the engine itself, which takes a minute for 10 million.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from hedgerow.query.runner import QueryLimits, QueryRunner
from hedgerow.query.sql import QueryOptions, prepare
from hedgerow.store.client import Client, connect, open_store
from hedgerow.store.promoted import PromotedProperties, PromotedProperty
from hedgerow.store.promotion import ColumnPromotion

RUNS: Final = 5
CHUNK: Final = 250_000
EVENTS_A_SESSION: Final = 10
START: Final = "toDateTime64('2026-01-29 00:00:00', 6, 'UTC')"
DAYS: Final = 60
CUSTOM: Final = "SELECT properties.plan_tier AS x, count() FROM events GROUP BY x"
QUESTIONS: Final = {
    "hot property": "SELECT $browser AS x, count() FROM events GROUP BY x",
    "sum of a custom property": "SELECT sum(properties.amount) FROM events",
    "unique distinct ids": "SELECT uniq(distinct_id) FROM events",
    "unique persons, merges resolved": "SELECT uniq(person_id) FROM events",
    "web overview, two periods of 30 days": (
        "SELECT $start_timestamp >= '2026-02-28' AS current, uniq(person_id), "
        "sum($pageview_count + $screen_count), count(), avg($session_duration), avg($is_bounce) "
        "FROM sessions WHERE $pageview_count + $screen_count > 0 GROUP BY current"
    ),
    "sessions by channel": "SELECT $channel_type AS x, count() FROM sessions GROUP BY x",
    "sessions of the last day": (
        "SELECT count(), avg($session_duration) FROM sessions "
        "WHERE $start_timestamp >= '2026-03-29'"
    ),
}


def fill(client: Client, events: int) -> None:
    """Sessions of ten events, spread over 60 days; users by a square law."""
    gap_us = DAYS * 86_400_000_000 * EVENTS_A_SESSION // events
    for first in range(0, events, CHUNK):
        for month in ("202601", "202602", "202603"):
            client.command(_chunk(first, min(CHUNK, events - first), gap_us, month))


def _chunk(first: int, size: int, gap_us: int, month: str) -> str:
    """One insert of one month, as ingest makes them."""
    return f"""
INSERT INTO events (uuid, project_id, event, distinct_id, person_id, timestamp, received_at,
  properties, person_properties, person_created_at, person_mode, elements_chain,
  historical_migration, log_position, log_index, current_url, pathname, host, referring_domain,
  browser, os, device_type, session_id, lib, geoip_country_code)
SELECT reinterpretAsUUID(toFixedString(sipHash128(number), 16)), 1,
  multiIf(number % 10 < 6, '$pageview', number % 10 < 8, '$autocapture', number % 10 = 8,
    '$pageleave', 'purchase'),
  concat('user-', toString(u)), reinterpretAsUUID(toFixedString(sipHash128(u), 16)), ts, ts,
  props, concat('{{"plan":"', ['free', 'pro', 'team', 'scale'][1 + u % 4], '"}}'), ts, 'full', '',
  0, number, 0, url, page, 'shop.example', ref, agent, 'Linux', 'Desktop', sid, 'web', 'DE'
FROM (
  SELECT number, intDiv(number, {EVENTS_A_SESSION}) AS k,
    toUInt64(pow(sipHash64(k) / 18446744073709551616., 2) * 200000) AS u,
    {START} + toIntervalMicrosecond(k * {gap_us}) + toIntervalSecond((number % 10) * 21) AS ts,
    lower(hex(toUnixTimestamp64Milli({START} + toIntervalMicrosecond(k * {gap_us})))) AS ms,
    leftPad(lower(hex(sipHash64(k))), 16, '0') AS salt,
    concat(substring(ms, 1, 8), '-', substring(ms, 9, 4), '-7', substring(salt, 1, 3), '-8',
      substring(salt, 4, 3), '-', substring(salt, 5, 12)) AS sid,
    concat('/p/', toString(sipHash64(number) % 500)) AS page,
    concat('https://shop.example', page) AS url,
    ['www.google.com', '$direct', 't.co', 'blog.example'][1 + k % 4] AS ref,
    ['Chrome', 'Firefox', 'Safari', 'Edge'][1 + u % 4] AS agent,
    concat('{{"$current_url":"', url, '","$pathname":"', page, '","$host":"shop.example",',
      '"$referring_domain":"', ref, '","$browser":"', agent, '","$os":"Linux",',
      '"$device_type":"Desktop","$session_id":"', sid, '","$lib":"web","$browser_version":',
      toString(100 + number % 30), ',"$screen_width":1920,"$screen_height":1080,',
      '"plan_tier":"tier-', toString(sipHash64(number, 3) % 20), '","amount":',
      toString((sipHash64(number, 4) % 10000) / 100), ',"note":"some words that stand here ',
      toString(sipHash64(number, 5) % 1000000), '","$active_feature_flags":["a","b"],',
      '"$insert_id":"', hex(sipHash64(number, 6)), '","$timezone":"Europe/Berlin","a1":"x",',
      '"a2":"yy","a3":3,"a4":4.5}}') AS props
  FROM numbers({first}, {size}))
WHERE toYYYYMM(ts) = {month}"""


def measured(runner: QueryRunner, sql: str, promoted: PromotedProperties) -> str:
    prepared = prepare(sql, project_id=1, options=QueryOptions(promoted=promoted))
    clock, processor = [], []
    for _ in range(RUNS + 1):
        started, used = time.perf_counter(), time.process_time()
        runner.run(prepared)
        clock.append(time.perf_counter() - started)
        processor.append(time.process_time() - used)
    # The first run is cold.
    milliseconds = [1000 * statistics.median(values[1:]) for values in (clock, processor)]
    return f"{milliseconds[0]:7.0f} ms {milliseconds[1]:7.0f} ms of processor time"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--data", type=Path, help="A folder to keep, or one filled before.")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = (arguments.data or Path(temporary)) / "store"
        filled = folder.exists()
        client = open_store(folder)
        if not filled:
            fill(client, arguments.events)
        report(folder)
        client.close()


def report(folder: Path) -> None:
    columns = ColumnPromotion(lambda: connect(folder))
    runner = QueryRunner(lambda: connect(folder), QueryLimits(seconds_max=60))

    def show(label: str, text: str) -> None:
        print(f"{label:40} {text}", flush=True)

    def ask(label: str, sql: str) -> None:
        show(label, measured(runner, sql, columns.promoted()))

    for label, sql in QUESTIONS.items():
        ask(label, sql)
    ask("custom property", CUSTOM)
    promote(columns, PromotedProperty("event", "plan_tier"), show)
    ask("custom property, promoted", CUSTOM)
    promote(columns, PromotedProperty("event", "amount", "Numeric"), show)
    ask("sum of a custom property, promoted", QUESTIONS["sum of a custom property"])
    for item in columns.promoted():
        columns.demote(item)
    columns.close()


def promote(
    columns: ColumnPromotion, wanted: PromotedProperty, show: Callable[[str, str], None]
) -> None:
    started = time.perf_counter()
    columns.promote(wanted)
    while not all(item.done for item in columns.progress()):
        time.sleep(0.1)
    show(
        f"filling the column of {wanted.name}", f"{1000 * (time.perf_counter() - started):7.0f} ms"
    )


if __name__ == "__main__":
    main()
