"""Time ranges of insights, their buckets and the periods before (read-api §4.1)."""

import itertools
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from hedgerow.core.errors import QueryError
from hedgerow.query.insights.context import InsightContext
from hedgerow.query.insights.date_range import InsightRange, resolve_range, unix_us
from hedgerow.query.insights.nodes import DateRangeNode, Interval

NOW = "2026-03-08T12:30:00"


def context(zone: str = "UTC", week_start_day: int = 0, now: str = NOW) -> InsightContext:
    moment = datetime.fromisoformat(now).replace(tzinfo=ZoneInfo(zone))
    return InsightContext(
        project_id=1, now_us=unix_us(moment), time_zone=zone, week_start_day=week_start_day
    )


def resolved(
    date_from: str | None = None,
    date_to: str | None = None,
    interval: Interval = "day",
    *,
    explicit: bool = False,
    zone: str = "UTC",
    week_start_day: int = 0,
) -> InsightRange:
    node = DateRangeNode(date_from=date_from, date_to=date_to, explicit_date=explicit)
    return resolve_range(node, interval, context(zone, week_start_day))


def ends(range_: InsightRange) -> tuple[str, str]:
    return f"{range_.start:%Y-%m-%d %H:%M:%S}", f"{range_.end:%Y-%m-%d %H:%M:%S}"


@pytest.mark.parametrize(
    ("date_from", "date_to", "interval", "start", "end"),
    [
        (None, None, "day", "2026-03-01 00:00:00", "2026-03-08 23:59:59"),
        ("-7d", None, "day", "2026-03-01 00:00:00", "2026-03-08 23:59:59"),
        ("-1m", None, "day", "2026-02-08 00:00:00", "2026-03-08 23:59:59"),
        ("-2w", None, "day", "2026-02-22 00:00:00", "2026-03-08 23:59:59"),
        ("dStart", None, "day", "2026-03-08 00:00:00", "2026-03-08 23:59:59"),
        ("-1dStart", "-1dEnd", "day", "2026-03-07 00:00:00", "2026-03-07 23:59:59"),
        ("wStart", None, "day", "2026-03-08 00:00:00", "2026-03-08 23:59:59"),
        ("mStart", None, "day", "2026-03-01 00:00:00", "2026-03-08 23:59:59"),
        ("-1mStart", "-1mEnd", "day", "2026-02-01 00:00:00", "2026-02-28 23:59:59"),
        ("qStart", None, "day", "2026-01-01 00:00:00", "2026-03-08 23:59:59"),
        ("yStart", None, "day", "2026-01-01 00:00:00", "2026-03-08 23:59:59"),
        ("-24h", None, "hour", "2026-03-07 12:00:00", "2026-03-08 12:59:59"),
        ("-30M", None, "minute", "2026-03-08 12:00:00", "2026-03-08 12:30:59"),
        ("2026-03-02", "2026-03-03", "hour", "2026-03-02 00:00:00", "2026-03-03 23:59:59"),
        (
            "2026-03-02T10:00:00Z",
            "2026-03-02T12:15:00",
            "hour",
            "2026-03-02 10:00:00",
            "2026-03-02 12:15:00",
        ),
        ("2026-01-15", "2026-02-15", "month", "2026-01-01 00:00:00", "2026-02-15 23:59:59"),
    ],
)
def test_a_range_starts_and_ends_as_the_definitions_say(
    date_from: str | None, date_to: str | None, interval: Interval, start: str, end: str
) -> None:
    assert ends(resolved(date_from, date_to, interval)) == (start, end)


def test_explicit_dates_are_taken_literally() -> None:
    range_ = resolved("2026-01-15", "2026-02-15", "month", explicit=True)

    assert ends(range_) == ("2026-01-15 00:00:00", "2026-02-15 00:00:00")
    assert range_.days == ["2026-01-01", "2026-02-01"]


def test_all_begins_on_the_day_of_the_first_event() -> None:
    first = datetime(2026, 2, 3, 4, 5, tzinfo=ZoneInfo("UTC"))
    known = InsightContext(project_id=1, now_us=context().now_us, earliest_us=unix_us(first))

    range_ = resolve_range(DateRangeNode(date_from="all"), "day", known)

    assert f"{range_.start:%Y-%m-%d %H:%M}" == "2026-02-03 00:00"


def test_seven_days_back_are_eight_buckets_with_labels() -> None:
    range_ = resolved("-7d")

    assert len(range_.days) == 8
    assert range_.days[0] == "2026-03-01"
    assert range_.labels[1] == "2-Mar-2026"


@pytest.mark.parametrize(("week_start_day", "first"), [(0, "2026-03-01"), (1, "2026-03-02")])
def test_the_first_week_carries_its_start_but_filters_from_the_date(
    week_start_day: int, first: str
) -> None:
    range_ = resolved("2026-03-04", "2026-03-14", "week", week_start_day=week_start_day)

    assert range_.days[0] == first
    assert f"{range_.start:%Y-%m-%d}" == "2026-03-04"


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe"])
def test_the_hours_of_a_day_whose_clocks_change_are_each_one_bucket(zone: str) -> None:
    for day in ("2026-03-08", "2026-03-29", "2026-04-05", "2026-10-25", "2026-11-01"):
        range_ = resolved(day, day, "hour", zone=zone)
        keys = [range_.key(bucket) for bucket in range_.buckets]

        assert len(set(keys)) == len(keys)
        assert keys == sorted(keys)
        assert 23 <= len(keys) <= 25


def test_the_period_before_has_as_many_whole_days() -> None:
    before = resolved("2026-03-02", "2026-03-04").previous()

    assert ends(before) == ("2026-02-27 00:00:00", "2026-03-01 23:59:59")


def test_the_period_before_whole_weeks_lines_up_by_weekday() -> None:
    assert ends(resolved("-7d").previous()) == ("2026-02-22 00:00:00", "2026-03-01 23:59:59")
    assert ends(resolved("-6d").previous()) == ("2026-02-23 00:00:00", "2026-03-01 23:59:59")


def test_compare_to_shifts_both_ends() -> None:
    before = resolved("2026-03-02", "2026-03-04").previous("-1m")

    assert ends(before) == ("2026-02-02 00:00:00", "2026-02-04 23:59:59")


@pytest.mark.parametrize(
    ("date_from", "date_to", "field"),
    [
        ("yesterday", None, "date_from"),
        ("2026-02-30", None, "date_from"),
        ("-99999y", None, "date_from"),
        ("0001-01-01", None, "date_from"),
        ("2026-03-01", "soon", "date_to"),
        ("2026-03-05", "2026-03-01", "date_to"),
    ],
)
def test_an_error_names_the_end_that_is_wrong(
    date_from: str, date_to: str | None, field: str
) -> None:
    with pytest.raises(QueryError) as refused:
        resolved(date_from, date_to)

    assert refused.value.attribute == f"query.dateRange.{field}"


def test_a_range_of_too_many_buckets_is_refused() -> None:
    with pytest.raises(QueryError, match="shorter range"):
        _ = resolved("2020-01-01", None, "minute").buckets


@pytest.mark.parametrize("interval", ["minute", "hour", "day", "week", "month"])
def test_every_bucket_follows_the_one_before(interval: Interval) -> None:
    buckets = resolved("-2d", None, interval).buckets

    assert all(earlier < later for earlier, later in itertools.pairwise(buckets))
