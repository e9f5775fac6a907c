"""The live feed: what ingest commits reaches who watches, and nothing grows without bound."""

import asyncio
from collections import Counter
from types import SimpleNamespace
from typing import Any, cast

from msgspec.structs import replace

from hedgerow.api import live_feed
from hedgerow.api.live_feed import LiveFeed
from hedgerow.core.clock import FixedClock
from hedgerow.core.ids import person_uuid
from hedgerow.directory.batch import BatchEffects
from hedgerow.ingest.batch import ComputedBatch
from hedgerow.ingest.warnings import warning
from hedgerow.store.rows import EventRow, hot_values

NOW_US = 1_780_000_000_000_000
MINUTE_US = 60_000_000
PROJECT = 7


def row(number: int, *, received_at_us: int = NOW_US, properties: bytes = b'{"a":1}') -> EventRow:
    return EventRow(
        uuid=f"018f0000-0000-7000-8000-{number:012x}",
        project_id=PROJECT,
        event="hello",
        distinct_id=f"person {number}",
        person_id=person_uuid(PROJECT, f"person {number}").bytes,
        timestamp_us=received_at_us,
        received_at_us=received_at_us,
        properties=properties,
        person_properties=b'{"email":"ada@example.org"}',
        person_created_at_us=NOW_US,
        person_mode="full",
        elements_chain="",
        historical_migration=False,
        log_position=number,
        log_index=0,
        hot=hot_values({}),
    )


def batch(rows: list[EventRow], reasons: list[str] | None = None) -> ComputedBatch:
    effects = BatchEffects(position=1, now_us=NOW_US)
    effects.warnings = [
        warning(PROJECT, reason, {"sample": "x"}, NOW_US) for reason in reasons or []
    ]
    # Only what the feed reads of a batch.
    return cast("ComputedBatch", SimpleNamespace(rows=rows, effects=effects))


def watched(feed: LiveFeed, publish: Any, messages: int, project: int = PROJECT) -> list[Any]:
    async def watch() -> list[Any]:
        with feed.watch(project) as watcher:
            await asyncio.to_thread(publish)
            return [await watcher.next(0.2) for _ in range(messages)]

    return asyncio.run(watch())


def test_who_watches_a_project_gets_its_events_and_problems() -> None:
    feed = LiveFeed(FixedClock(NOW_US))
    [message] = watched(feed, lambda: feed.publish(batch([row(1)], ["missing_event_name"])), 1)

    assert message.events_count == 1
    assert message.events[0].person_name == "ada@example.org"
    assert bytes(message.events[0].properties) == b'{"a":1}'
    assert [(item.reason, item.severity) for item in message.problems] == [
        ("missing_event_name", "error")
    ]


def test_one_project_does_not_see_the_events_of_another() -> None:
    feed = LiveFeed(FixedClock(NOW_US))

    assert watched(feed, lambda: feed.publish(batch([row(1)])), 1, project=8) == [None]
    assert feed.problems(8) == []
    assert feed.counters(8).events_last_minute == 0


def test_of_many_events_the_newest_are_sent_and_all_are_counted() -> None:
    feed = LiveFeed(FixedClock(NOW_US))
    rows = [row(number) for number in range(500)]
    [message] = watched(feed, lambda: feed.publish(batch(rows)), 1)

    assert message.events_count == 500
    assert [event.uuid for event in message.events] == [
        item.uuid for item in rows[-live_feed.EVENTS_A_MESSAGE_MAX :]
    ]


def test_large_properties_are_left_out() -> None:
    feed = LiveFeed(FixedClock(NOW_US))
    large = b'{"a":"%b"}' % (b"x" * live_feed.PROPERTIES_BYTES_MAX)
    [message] = watched(feed, lambda: feed.publish(batch([row(1, properties=large)])), 1)

    assert bytes(message.events[0].properties) == b"null"


def test_a_watcher_that_does_not_keep_up_is_let_go() -> None:
    feed = LiveFeed(FixedClock(NOW_US))

    async def sleep_while_much_comes() -> bool:
        with feed.watch(PROJECT) as watcher:
            for number in range(live_feed.MESSAGES_WAITING_MAX + 1):
                feed.publish(batch([row(number)]))
            await asyncio.sleep(0)
            return watcher.is_too_slow

    assert asyncio.run(sleep_while_much_comes())


def test_the_counters_are_of_the_last_minutes_only() -> None:
    clock = FixedClock(NOW_US)
    feed = LiveFeed(clock)
    # As the log has them: in the order of their arrival.
    ages = [6 * MINUTE_US, 4 * MINUTE_US, 0, 0]
    feed.publish(
        batch([row(number, received_at_us=NOW_US - age) for number, age in enumerate(ages)])
    )

    assert feed.counters(PROJECT) == live_feed.LiveCounters(2, 3)
    clock.advance(2 * MINUTE_US + 1)
    assert feed.counters(PROJECT) == live_feed.LiveCounters(0, 2)


def test_who_is_imported_is_not_there_now() -> None:
    feed = LiveFeed(FixedClock(NOW_US))
    imported = replace(row(1), timestamp_us=NOW_US - 6 * MINUTE_US)

    feed.publish(batch([imported, row(2)]))

    assert feed.counters(PROJECT) == live_feed.LiveCounters(2, 1)


def test_only_the_last_problems_are_kept() -> None:
    feed = LiveFeed(FixedClock(NOW_US))
    for _ in range(3):
        feed.publish(batch([], ["missing_event_name"] * 40))

    assert len(feed.problems(PROJECT)) == live_feed.PROBLEMS_KEPT_MAX
    assert Counter(item.reason for item in feed.problems(PROJECT)).keys() == {"missing_event_name"}
