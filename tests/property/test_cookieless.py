"""Events without cookies through the real loop: ids, sessions, drops, and the same after a crash."""

import tempfile
import uuid
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import OperationalError

from hedgerow.core import json
from hedgerow.core.clock import FixedClock
from hedgerow.directory.cookieless import cookieless_salt
from hedgerow.directory.engine import Directory, open_directory
from hedgerow.directory.project_settings import (
    COOKIELESS_DISABLED,
    COOKIELESS_STATEFUL,
    COOKIELESS_STATELESS,
)
from hedgerow.directory.projects import change_project, list_projects
from hedgerow.directory.provision import provision
from hedgerow.directory.reset import forget_ingested
from hedgerow.ingest import cookieless_state
from hedgerow.ingest.maintenance import Maintenance
from hedgerow.people.cookieless import SENTINEL
from hedgerow.testing.no_recordings import NoRecordings
from hedgerow.wire.record import LoggedEvent, LoggedRequest, encode_request

from .ingest_harness import NOW_US, TOKEN, ListStore, ingest, state

MINUTE_US = 60 * 1_000_000
DAY_US = 24 * 60 * MINUTE_US
TODAY = NOW_US // DAY_US
VISITOR = {"$raw_user_agent": "Firefox/140", "$host": "shop.example.com", "$timezone": "UTC"}


def event(
    number: int,
    name: str = "$pageview",
    distinct_id: str = SENTINEL,
    *,
    after_us: int = 0,
    properties: dict[str, Any] | None = None,
) -> LoggedEvent:
    return LoggedEvent(
        uuid=str(uuid.UUID(int=number + 1, version=4)),
        event=name,
        distinct_id=distinct_id,
        timestamp_us=NOW_US + after_us,
        lane="main",
        properties=msgspec.Raw(
            json.encode({"$cookieless_mode": True, **VISITOR, **(properties or {})})
        ),
        cookieless=True,
    )


def request(*events: LoggedEvent, now_us: int = NOW_US, ip: str = "203.0.113.1") -> bytes:
    return encode_request(
        LoggedRequest(1, TOKEN, now_us, None, ip, "/e/", "", False, list(events), [])
    )


def prepare(folder: Path, mode: int) -> None:
    """A project with this mode, and salts that are the same in every test's folder."""
    folder.mkdir(exist_ok=True)
    directory = open_directory(folder / "directory.sqlite")
    provision(directory, project_api_key=TOKEN, personal_api_key="", now_us=0)
    project = list_projects(directory)[0]
    change_project(directory, project.id, settings={"cookieless_server_hash_mode": mode})
    for day in range(TODAY - 6, TODAY + 3):
        cookieless_salt(directory, day, lambda: bytes(range(16)))
    directory.close()


def run(folder: Path, mode: int, *payloads: bytes) -> tuple[dict[str, Any], list[Any]]:
    prepare(folder, mode)
    store = ListStore()
    directory = ingest(folder, store, list(payloads), [100])
    return state(directory, store), [
        (row.distinct_id, json.decode(row.properties)) for _, row in sorted(store.rows.items())
    ]


def counts(found: dict[str, Any]) -> dict[str, int]:
    return {key.reason: count for key, count in found["outcomes"] if key.outcome == "dropped"}


def test_without_the_mode_a_visitor_without_an_id_is_dropped_and_counted(tmp_path: Path) -> None:
    identify = event(1, "$identify", "ada", properties={"$anon_distinct_id": SENTINEL})
    found, rows = run(tmp_path, COOKIELESS_DISABLED, request(event(0), identify))
    assert rows == []
    assert counts(found) == {"cookieless_team_disabled": 2}


def test_without_the_mode_an_id_of_ones_own_is_kept_but_nothing_personal(tmp_path: Path) -> None:
    _, rows = run(tmp_path, COOKIELESS_DISABLED, request(event(0, distinct_id="ada")))
    ((distinct_id, properties),) = rows
    assert distinct_id == "ada"
    assert not {"$ip", "$raw_user_agent"} & properties.keys()


def test_a_visitor_is_one_id_and_one_session_a_day(tmp_path: Path) -> None:
    day_later = request(event(3, after_us=DAY_US), now_us=NOW_US + DAY_US)
    _, rows = run(
        tmp_path,
        COOKIELESS_STATELESS,
        request(
            event(0), event(1, after_us=2 * 60 * MINUTE_US, properties={"$host": "www.example.com"})
        ),
        request(event(2), ip="203.0.113.2"),
        day_later,
    )
    ids = [distinct_id for distinct_id, _ in rows]
    sessions = [properties["$session_id"] for _, properties in rows]
    assert ids[0] == ids[1]
    assert sessions[0] == sessions[1]
    # Another address is another visitor, and another day another session.
    assert ids[2] != ids[0]
    assert sessions[3] != sessions[0]
    assert all(item.startswith("cookieless_") and len(item) == 33 for item in ids)
    assert all(properties["$device_id"].startswith("cookielessd_") for _, properties in rows)


def test_nothing_personal_is_stored_with_event_or_person(tmp_path: Path) -> None:
    personal = {
        "$ip": "203.0.113.77",
        "$cookieless_extra": "membership 12",
        "$set": {"$raw_user_agent": "Firefox/140", "plan": "pro"},
        "$set_once": {"$initial_raw_user_agent": "Firefox/140", "$initial_ip": "203.0.113.77"},
    }
    found, rows = run(tmp_path, COOKIELESS_STATELESS, request(event(0, properties=personal)))
    stored = repr(rows) + repr(found["persons"]) + repr(found["rows"])
    assert "plan" in stored
    for secret in ("203.0.113", "Firefox/140", "membership"):
        assert secret not in stored


def test_what_the_hash_needs_is_missed_with_a_warning(tmp_path: Path) -> None:
    found, rows = run(
        tmp_path,
        COOKIELESS_STATEFUL,
        request(event(0, properties={"$raw_user_agent": ""}), event(1, properties={"$host": None})),
        request(event(2), ip=""),
        request(event(3, after_us=-6 * DAY_US), event(4, after_us=2 * DAY_US)),
    )
    assert rows == []
    assert dict(found["warnings"]) == {
        "cookieless_missing_user_agent": 1,
        "cookieless_missing_host": 1,
        "cookieless_missing_ip": 1,
        "cookieless_timestamp_out_of_range": 2,
    }
    assert counts(found) == dict(found["warnings"])


@pytest.mark.parametrize("name", ["$create_alias", "$merge_dangerously"])
def test_other_ids_cannot_be_joined(tmp_path: Path, name: str) -> None:
    found, rows = run(
        tmp_path, COOKIELESS_STATEFUL, request(event(0, name, properties={"alias": "ada"}))
    )
    assert rows == []
    assert counts(found) == {"cookieless_unsupported_event": 1}


def test_nobody_is_identified_without_state(tmp_path: Path) -> None:
    found, rows = run(tmp_path, COOKIELESS_STATELESS, request(event(0, "$identify", "ada")))
    assert rows == []
    assert counts(found) == {"cookieless_stateless_no_identify": 1}


def test_sessions_end_after_half_an_hour_of_nothing(tmp_path: Path) -> None:
    _, rows = run(
        tmp_path,
        COOKIELESS_STATEFUL,
        request(event(0), event(1, after_us=30 * MINUTE_US)),
        request(event(2, after_us=10 * MINUTE_US)),
        request(event(3, after_us=60 * MINUTE_US), event(4, after_us=91 * MINUTE_US)),
    )
    sessions = [properties["$session_id"] for _, properties in rows]
    assert len(set(sessions[:4])) == 1
    assert sessions[4] != sessions[0]


def test_a_visitor_who_logs_out_is_somebody_new(tmp_path: Path) -> None:
    found, rows = run(
        tmp_path,
        COOKIELESS_STATEFUL,
        request(
            event(0),
            event(1, "$identify", "ada", properties={"$anon_distinct_id": SENTINEL}),
            event(2, distinct_id="ada"),
            event(3),
        ),
    )
    ids = [distinct_id for distinct_id, _ in rows]
    assert ids[1:3] == ["ada", "ada"]
    assert rows[1][1]["$anon_distinct_id"] == ids[0]
    assert ids[3] not in {ids[0], "ada", SENTINEL}
    person_of = {item[0]: item[1] for item in found["distinct ids"]}
    assert person_of[ids[0]] == person_of["ada"] != person_of[ids[3]]
    assert len({properties["$device_id"] for _, properties in rows}) == 1
    sessions = [properties["$session_id"] for _, properties in rows]
    assert sessions[0] == sessions[1] == sessions[2] != sessions[3]


def test_a_salt_that_cannot_be_written_stops_the_batch_and_not_the_event(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare(tmp_path, COOKIELESS_STATELESS)
    with monkeypatch.context() as patched:
        patched.setattr(cookieless_state, "cookieless_salt", disk_is_full)
        with pytest.raises(OperationalError):
            ingest(tmp_path, ListStore(), [request(event(0))], [1])

    store = ListStore()
    found = state(ingest(tmp_path, store, [request(event(0))], [1]), store)

    assert [key.outcome for key, _ in found["outcomes"]] == ["received", "stored"]


def disk_is_full(_directory: Directory, _day: int) -> bytes:
    raise OperationalError("INSERT", {}, Exception("database or disk is full"))


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["$pageview", "$pageview", "$identify", "$create_alias"]),
        st.sampled_from([SENTINEL, SENTINEL, "ada"]),
        st.integers(0, 100),  # minutes
        st.sampled_from(["203.0.113.1", "203.0.113.2"]),
        st.integers(0, 11),  # number: the same again is a duplicate
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    steps=STEPS,
    mode=st.sampled_from([COOKIELESS_STATELESS, COOKIELESS_STATEFUL]),
    batches=st.lists(st.integers(1, 4), min_size=1, max_size=4),
    fail_at=st.integers(1, 12),
)
def test_any_cut_any_crash_and_a_replay_give_the_same_state(
    steps: list[Any], mode: int, batches: list[int], fail_at: int
) -> None:
    payloads = [
        request(event(number, name, distinct_id, after_us=minutes * MINUTE_US), ip=ip)
        for name, distinct_id, minutes, ip, number in steps
    ]
    with tempfile.TemporaryDirectory() as name:
        whole, cut = Path(name, "whole"), Path(name, "cut")
        prepare(whole, mode)
        prepare(cut, mode)
        expected_store, store = ListStore(), ListStore(fail_at=fail_at)

        expected = visited(ingest(whole, expected_store, payloads, [100]), expected_store)
        directory = ingest(cut, store, payloads, batches)
        assert visited(directory, store) == expected

        forget_ingested(directory)
        again = ListStore()
        assert visited(ingest(cut, again, payloads, batches), again) == expected


def visited(directory: Directory, store: ListStore) -> dict[str, Any]:
    with directory.read() as connection:
        visitors = connection.exec_driver_sql(
            "SELECT * FROM cookieless_visitors ORDER BY day, hash"
        )
        return {**state(directory, store), "visitors": [tuple(row) for row in visitors]}


def test_salts_are_random_and_gone_from_the_file_after_their_time(tmp_path: Path) -> None:
    directory = open_directory(tmp_path / "directory.sqlite")
    salts = [cookieless_salt(directory, day) for day in (TODAY - 10, TODAY)]
    assert salts[0] != salts[1]
    assert cookieless_salt(directory, TODAY) == salts[1]
    directory.checkpoint()
    assert salts[0] in files_of(tmp_path)

    clock = FixedClock(NOW_US)
    Maintenance(tmp_path, directory, NoRecordings(), clock, 7, 0).run_when_due(0)

    assert salts[0] not in files_of(tmp_path)
    assert salts[1] in files_of(tmp_path)
    assert cookieless_salt(directory, TODAY) == salts[1]


def files_of(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in sorted(folder.glob("directory.sqlite*")))


def test_a_replay_after_the_salts_time_gives_other_ids_and_the_same_counts(tmp_path: Path) -> None:
    prepare(tmp_path, COOKIELESS_STATEFUL)
    payloads = [request(event(0), event(1)), request(event(2), ip="203.0.113.2")]
    before, after = ListStore(), ListStore()
    directory = ingest(tmp_path, before, payloads, [1])
    clock = FixedClock(NOW_US + 10 * DAY_US)
    Maintenance(tmp_path, directory, NoRecordings(), clock, 7, 0).run_when_due(0)
    forget_ingested(directory)

    ingest(tmp_path, after, payloads, [1])

    ids = [[row.distinct_id for _, row in sorted(store.rows.items())] for store in (before, after)]
    assert [item[0] == item[1] for item in ids] == [True, True]
    assert [item[1] == item[2] for item in ids] == [False, False]
    assert not set(ids[0]) & set(ids[1])
