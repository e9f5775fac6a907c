"""Visitors without cookies: what makes them one, for how long, and in which session."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from publicsuffixlist import PublicSuffixList

from hedgerow.ingest.hash_memory import HashMemory
from hedgerow.people.cookieless import (
    LocalDay,
    Traits,
    day_session_id,
    hash_message,
    local_day,
    oldest_day,
    root_domain,
    traits,
    without_personal,
)
from hedgerow.people.siphash import siphash_128

HOUR_US = 3_600_000_000
DAY_US = 24 * HOUR_US
KEY = bytes(range(16))
SUFFIXES = PublicSuffixList(only_icann=True)


def time_us(text: str, zone: str = "UTC") -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp()) * 1_000_000


@pytest.mark.parametrize(
    ("length", "expected"),
    [
        (0, "a3817f04ba25a8e66df67214c7550293"),
        (1, "da87c1d86b99af44347659119b22fc45"),
        (2, "8177228da4a45dc7fca38bdef60affe4"),
        (15, "5493e99933b0a8117e08ec0f97cfc3d9"),
        (63, "5150d1772f50834a503e069a973fbd7c"),
    ],
)
def test_the_hash_is_that_of_the_reference_implementation(length: int, expected: str) -> None:
    assert siphash_128(KEY, bytes(range(length))).hex() == expected


@given(st.binary(max_size=40), st.binary(max_size=40))
def test_other_messages_and_other_keys_have_other_hashes(one: bytes, other: bytes) -> None:
    assert (siphash_128(KEY, one) == siphash_128(KEY, other)) == (one == other)
    assert siphash_128(KEY, one) != siphash_128(bytes(16), one)


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("shop.example.com", "example.com"),
        ("https://a.b.example.co.uk/path", "example.co.uk"),
        ("example.com:8000", "example.com:8000"),
        ("someone.github.io", "github.io"),
        ("localhost:3000", "127.0.0.1:3000"),
        ("192.168.0.10:80", "192.168.0.10:80"),
        ("2001:DB8::1", "[2001:db8::1]"),
        ("[2001:db8::1]:8000", "[2001:db8::1]:8000"),
        ("http://[broken", "http://[broken"),
        ("example.com:port", "example.com:port"),
    ],
)
def test_all_hosts_of_a_site_are_one(host: str, expected: str) -> None:
    assert root_domain(host, SUFFIXES.privatesuffix) == expected


def test_what_is_hashed_is_bounded_and_only_text() -> None:
    found = traits(
        {"$raw_user_agent": "a" * 9000, "$host": 7, "$cookieless_extra": "e" * 200}, "203.0.113.1"
    )
    assert (len(found.user_agent), found.ip, found.host, len(found.extra)) == (
        1000,
        "203.0.113.1",
        "",
        100,
    )
    assert found.missing() == ("$host", "cookieless_missing_host")
    assert hash_message(3, found, "example.com", 2).startswith(b"3-203.0.113.1-example.com-aaa")


def test_what_is_missing_is_named_in_one_order() -> None:
    assert Traits("", "", "", "").missing() == ("$raw_user_agent", "cookieless_missing_user_agent")
    assert Traits("agent", "", "", "").missing() == ("$ip", "cookieless_missing_ip")
    assert Traits("agent", "ip", "host", "").missing() is None


@pytest.mark.parametrize(
    ("zones", "expected"),
    [
        (["Asia/Tokyo", "Europe/Berlin"], "2026-03-10"),
        (["No/Where", "America/New_York"], "2026-03-09"),
        ([None, ""], "2026-03-09"),
        ([7, "../etc/passwd", "a" * 300], "2026-03-09"),
    ],
)
def test_a_day_is_that_of_the_first_zone_there_is(zones: list[object], expected: str) -> None:
    now_us = time_us("2026-03-09T20:00:00")
    day = local_day(now_us, now_us, zones)
    assert day is not None
    assert day.number * DAY_US == time_us(f"{expected}T00:00:00")


def test_a_day_begins_at_its_own_midnight_also_when_clocks_change() -> None:
    at_us = time_us("2026-03-29T12:00:00", "Europe/Berlin")
    day = local_day(at_us, at_us, ["Europe/Berlin"])
    assert day is not None
    assert day.start_us == time_us("2026-03-29T00:00:00", "Europe/Berlin")


def test_a_day_is_accepted_from_its_first_midnight_until_72_hours_after_its_last() -> None:
    day_us = time_us("2026-03-10T00:00:00")
    begins_us, ends_us = day_us - 14 * HOUR_US, day_us + 36 * HOUR_US + 72 * HOUR_US
    zones = ["UTC"]
    assert local_day(day_us, begins_us - 1, zones) is None
    assert local_day(day_us, begins_us, zones) is not None
    assert local_day(day_us, ends_us - 1, zones) is not None
    assert local_day(day_us, ends_us, zones) is None


@given(
    timestamp_us=st.integers(-(10**18), 10**18),
    now_us=st.integers(0, 4 * 10**15),
    zone=st.sampled_from(["UTC", "Pacific/Kiritimati", "Etc/GMT+12", "Asia/Kathmandu"]),
)
def test_any_time_is_in_a_day_or_out_of_range(timestamp_us: int, now_us: int, zone: str) -> None:
    day = local_day(timestamp_us, now_us, [zone])
    assert day is None or day.start_us <= timestamp_us < day.start_us + 25 * HOUR_US


@given(now_us=st.integers(1, 4 * 10**15), day=st.integers(-8, 8))
def test_a_salt_is_kept_exactly_as_long_as_its_day_is_accepted(now_us: int, day: int) -> None:
    number = now_us // DAY_US + day
    accepted = local_day(number * DAY_US, now_us, ["UTC"]) is not None
    assert not (accepted and number < oldest_day(now_us))
    assert accepted or number < oldest_day(now_us) or day > 0


def test_the_session_of_a_day_tells_its_day_and_nothing_else() -> None:
    day = LocalDay(20_000, 20_000 * DAY_US)
    one, other = (day_session_id(day, bytes([number] * 16)) for number in (1, 2))
    assert one != other
    assert one == day_session_id(day, bytes([1] * 16))
    assert int(one.replace("-", "")[:12], 16) == day.start_us // 1000


def test_what_is_personal_goes_with_all_its_copies() -> None:
    properties = {
        "$ip": "203.0.113.1",
        "$raw_user_agent": "agent",
        "$cookieless_extra": "x",
        "$initial_raw_user_agent": "agent",
        "$initial_ip": "203.0.113.1",
        "$browser": "Firefox",
    }
    without_personal(properties)
    assert properties == {"$browser": "Firefox"}


def test_remembered_hashes_are_right_and_bounded_by_their_bytes() -> None:
    memory = HashMemory(kept_bytes_max=20_000)
    messages = [bytes([number]) * 3000 for number in range(40)] * 2
    for message in messages:
        assert memory.hashed(KEY, message) == siphash_128(KEY, message)
        assert memory.kept_bytes <= 20_000
