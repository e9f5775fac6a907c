"""Time formats, clock skew and bounds."""

import pytest

from hedgerow.wire.timestamps import event_time, format_timestamp, parse_sent_at, parse_timestamp

NOW_US = 1_672_574_400_000_000  # 2023-01-01T12:00:00Z
HOUR_US = 3_600_000_000


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2023-01-01T11:00:00Z", "2023-01-01T11:00:00Z"),
        ("2023-01-01t11:00:00z", "2023-01-01T11:00:00Z"),
        ("2023-01-01T00:05:04.805+03", "2022-12-31T21:05:04.805000Z"),
        ("2023-01-01T11:00:00.123456789+01:00", "2023-01-01T10:00:00.123456Z"),
        ("2023-01-01T11:00:00", "2023-01-01T11:00:00Z"),
        ("2023-01-01 11:00:00", "2023-01-01T11:00:00Z"),
        ("2023-01-01 11:00:00 UTC", "2023-01-01T11:00:00Z"),
        (" 2023-01-01T11:00:00Z ", "2023-01-01T11:00:00Z"),
        ("2023-01-01", "2023-01-01T00:00:00Z"),
        ("2023/1/31", "2023-01-31T00:00:00Z"),
        ("01/31/2023 10:20:30", "2023-01-31T10:20:30Z"),
        ("Tue, 1 Jul 2003 10:52:37 +0200", "2003-07-01T08:52:37Z"),
        ("1 Jul 2003 10:52:37 GMT", "2003-07-01T10:52:37Z"),
        ("1672574340", "2023-01-01T11:59:00Z"),
        ("1672574340000", "2023-01-01T11:59:00Z"),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
    ],
)
def test_every_accepted_format_is_read(text: str, expected: str) -> None:
    time_us = parse_timestamp(text)
    assert time_us is not None
    assert format_timestamp(time_us) == expected


@pytest.mark.parametrize(
    "text",
    ["", "not a date", "2023-13-01", "2023/13/40", "13/40/2023", "1" * 30, "²", "١٢٣", "x" * 100_000,
     "Tue, 99 Jul 2003 10:52:37 +0200", "1 Jul 2003 x", "1 Jul 2003 10:52:37 +9999999999"],
)  # fmt: skip
def test_what_is_no_time_is_now(text: str) -> None:
    assert parse_timestamp(text) is None
    assert event_time(NOW_US, text, None, NOW_US) == NOW_US


def test_the_clients_clock_is_corrected_by_when_it_says_it_sent() -> None:
    sent_at = parse_sent_at("2023-01-01T12:00:10Z")
    assert (
        event_time(NOW_US, "2023-01-01T11:00:00Z", None, sent_at) == NOW_US - HOUR_US - 10_000_000
    )


def test_an_offset_beats_the_timestamp_and_is_not_corrected() -> None:
    assert event_time(NOW_US, "2023-01-01T11:00:00Z", 5000, NOW_US + HOUR_US) == NOW_US - 5_000_000


def test_a_time_more_than_23_hours_ahead_is_now() -> None:
    assert event_time(NOW_US, "2023-01-02T11:00:00Z", None, None) == NOW_US + 23 * HOUR_US
    assert (
        event_time(NOW_US, "2023-01-02T11:00:00.000999Z", None, None) == NOW_US + 23 * HOUR_US + 999
    )
    assert event_time(NOW_US, "2023-01-02T11:00:00.001Z", None, None) == NOW_US
    assert event_time(NOW_US, None, -(2**63), None) == NOW_US


def test_a_time_before_the_year_1_is_1970() -> None:
    assert event_time(NOW_US, None, 2**63 - 1, None) == 0


@pytest.mark.parametrize("text", [None, "", "2023-01-01T12:00:00", "1672574340000", "soon"])
def test_a_send_time_without_a_zone_does_not_count(text: str | None) -> None:
    assert parse_sent_at(text) is None
