"""Ingestion gives the same state however its input is cut, resent or cut off."""

import tempfile
import uuid
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hedgerow.core import json
from hedgerow.directory.ingest_state import evict_dedupe_keys
from hedgerow.ingest.dedupe import DAY_US
from hedgerow.wire.control import IngestHistorical, IngestOverflow, encode_control, is_control
from hedgerow.wire.record import NOT_SENT, DroppedEvents, LoggedEvent, LoggedRequest, encode_request

from .ingest_harness import NOW_US, TOKEN, ListStore, ingest, state

LANES = st.sampled_from(["main", "main", "historical", "overflow"])
UUIDS = [str(uuid.UUID(int=number + 1, version=4)) for number in range(12)]
PROPERTIES = st.fixed_dictionaries(
    {},
    optional={
        "$set": st.dictionaries(st.sampled_from("abc"), st.integers(0, 3), max_size=2),
        "$set_once": st.dictionaries(st.sampled_from("abc"), st.integers(0, 3), max_size=2),
        "$unset": st.lists(st.sampled_from("abc"), max_size=2),
        "$browser": st.sampled_from(["Firefox", "Chrome"]),
        "$process_person_profile": st.booleans(),
        "$elements": st.just([{"tag_name": "a"}]),
    },
)


@st.composite
def logged_events(draw: st.DrawFn) -> LoggedEvent:
    return LoggedEvent(
        uuid=draw(st.sampled_from(UUIDS)),
        event=draw(st.sampled_from(["$pageview", "$set", "$identify", "click", "$exception"])),
        distinct_id=draw(st.sampled_from(["ada", "bob", "eve"])),
        timestamp_us=NOW_US + draw(st.integers(0, 2)) * 86_400_000_000,
        lane="main",
        properties=msgspec.Raw(json.encode(draw(PROPERTIES))),
        set=NOT_SENT,
    )


@st.composite
def logged_requests(draw: st.DrawFn) -> bytes:
    return encode_request(
        LoggedRequest(
            version=1,
            token=draw(st.sampled_from([TOKEN, TOKEN, TOKEN, "phc_unknown"])),
            now_us=NOW_US,
            sent_at_us=None,
            ip="203.0.113.1",
            path="/batch/",
            user_agent="",
            historical_migration=draw(LANES) == "historical",
            events=draw(st.lists(logged_events(), max_size=4)),
            dropped=draw(
                st.lists(st.just(DroppedEvents("missing_distinct_id", 1, "{}")), max_size=1)
            ),
            overflow=draw(LANES) == "overflow",
        )
    )


@st.composite
def logs(draw: st.DrawFn) -> list[bytes]:
    """Requests with records between them that bring in what was put off; the end brings in all."""
    payloads: list[bytes] = []
    for request in draw(st.lists(logged_requests(), min_size=1, max_size=8)):
        payloads.append(request)
        record = draw(st.sampled_from([None, None, IngestHistorical, IngestOverflow]))
        if record is not None:
            until = draw(st.integers(0, len(payloads)))
            payloads.append(encode_control(record(NOW_US, until)))
    end = len(payloads)
    both = (IngestHistorical(NOW_US, end), IngestOverflow(NOW_US, end))
    return payloads + [encode_control(record) for record in both]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    payloads=logs(),
    batches=st.lists(st.integers(1, 4), min_size=1, max_size=4),
    fail_at=st.integers(1, 12),
)
def test_any_cut_and_any_crash_give_the_same_state(
    payloads: list[bytes], batches: list[int], fail_at: int
) -> None:
    with tempfile.TemporaryDirectory() as name:
        whole, cut = Path(name, "whole"), Path(name, "cut")
        whole.mkdir()
        cut.mkdir()
        expected_store, store = ListStore(), ListStore(fail_at=fail_at)

        expected = state(ingest(whole, expected_store, payloads, [100]), expected_store)
        found = state(ingest(cut, store, payloads, batches), store)

        assert found == expected
        assert found["put off"] == []
        assert_balanced(found["outcomes"], payloads)


def assert_balanced(counts: list[tuple[Any, int]], payloads: list[bytes]) -> None:
    totals: Counter[str] = Counter()
    for key, count in counts:
        totals[key.outcome] += count
    received = totals.pop("received", 0)
    assert received == sum(totals.values())
    sent = [msgspec.json.decode(payload) for payload in payloads if not is_control(payload)]
    assert received == sum(len(request[8]) + len(request[9]) for request in sent)


def test_a_resent_request_changes_neither_rows_nor_persons(tmp_path: Path) -> None:
    event = LoggedEvent(
        uuid=UUIDS[0],
        event="$set",
        distinct_id="ada",
        timestamp_us=NOW_US,
        lane="main",
        properties=msgspec.Raw(b'{"$set":{"a":1}}'),
    )
    request = encode_request(
        LoggedRequest(1, TOKEN, NOW_US, None, "", "/e/", "", False, [event], [])
    )
    store = ListStore()

    directory = ingest(tmp_path, store, [request] * 4, [1])

    found = state(directory, store)
    assert len(found["rows"]) == 1
    assert [person[4] for person in found["persons"]] == [0]


def test_an_event_resent_long_after_its_key_was_forgotten_changes_nothing(tmp_path: Path) -> None:
    def resent(days: int, timestamp_us: int = NOW_US) -> bytes:
        event = LoggedEvent(
            uuid=UUIDS[0],
            event="$set",
            distinct_id="ada",
            timestamp_us=timestamp_us,
            lane="main",
            properties=msgspec.Raw(b'{"$set":{"a":1}}'),
        )
        now_us = NOW_US + days * DAY_US
        return encode_request(
            LoggedRequest(1, TOKEN, now_us, None, "", "/e/", "", False, [event], [])
        )

    store = ListStore()
    payloads = [resent(0), resent(30), resent(30, NOW_US + DAY_US), resent(40, NOW_US + DAY_US)]
    for number in range(1, len(payloads) + 1):
        directory = ingest(tmp_path, store, payloads[:number], [1])
        assert evict_dedupe_keys(directory, NOW_US // DAY_US + 1000, 100) in {0, 1}

    found = state(directory, store)
    assert [row.log_position for row in found["rows"]] == [0, 2]
    counts = {key.outcome: count for key, count in found["outcomes"]}
    assert (counts["stored"], counts["duplicate"]) == (2, 2)
