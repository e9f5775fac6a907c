"""The time range of an insight, its buckets and its previous period (read-api §4.1).

Moments are aware and in the project's time zone, which decides days. Both ends are inclusive.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Final

from dateutil.relativedelta import relativedelta

from hedgerow.core.errors import QueryError
from hedgerow.query.fragments import Sql, call, text
from hedgerow.query.insights.context import InsightContext
from hedgerow.query.insights.nodes import DateRangeNode, Interval
from hedgerow.query.insights.relative_dates import (
    DAY_END,
    STEPS,
    ParsedDate,
    parse_date,
    unit_start,
)

BUCKETS_MAX: Final = 10_000
_DEFAULT_FROM: Final = "-7d"
_ALL: Final = "all"
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MONTHS: Final = (
    "Jan",
    "Feb",
    "Mar",
    "Apr",
    "May",
    "Jun",
    "Jul",
    "Aug",
    "Sep",
    "Oct",
    "Nov",
    "Dec",
)
# What the store computes for an event's bucket; `{}` is its time, `{zone}` and `{week}` follow.
_BUCKET_SQL: Final = {
    "second": "toUnixTimestamp(toStartOfSecond({time}))",
    "minute": "toUnixTimestamp(toStartOfMinute(toTimeZone({time}, {zone})))",
    "hour": "toUnixTimestamp(toStartOfHour(toTimeZone({time}, {zone})))",
    "day": "toDate({time}, {zone})",
    "week": "toStartOfWeek(toDate({time}, {zone}), {week})",
    "month": "toStartOfMonth(toDate({time}, {zone}))",
}

BucketKey = str | int


@dataclass(frozen=True)
class InsightRange:
    """`start` and `end` bound the events; `interval` cuts them into buckets.

    `days_back` is set where the range was asked for as `-7d` with no end.
    """

    start: datetime
    end: datetime
    interval: Interval
    week_start_day: int = 0
    days_back: int | None = None

    @cached_property
    def buckets(self) -> tuple[datetime, ...]:
        """The start of each bucket, the first one's aligned to its interval."""
        return tuple(self._buckets())

    def _buckets(self) -> list[datetime]:
        found = []
        bucket = unit_start(self.start, self.interval, self.week_start_day)
        # Two times of one zone compare by their clocks, which may be set back.
        end = self.end.astimezone(UTC)
        while bucket.astimezone(UTC) <= end:
            found.append(bucket)
            if len(found) > BUCKETS_MAX:
                raise QueryError(
                    f"The range has more than {BUCKETS_MAX} intervals of a {self.interval}; "
                    "ask for a longer interval or a shorter range.",
                    attribute="query.interval",
                )
            bucket = self.bucket_after(bucket)
        return found

    def bucket_after(self, bucket: datetime, count: int = 1) -> datetime:
        """The start of the bucket `count` later, or earlier if negative."""
        step = STEPS.get(self.interval)
        if step is None:
            steps = {
                "day": relativedelta(days=count),
                "week": relativedelta(weeks=count),
                "month": relativedelta(months=count),
            }
            return bucket + steps[self.interval]
        later = (bucket.astimezone(UTC) + step * count).astimezone(bucket.tzinfo)
        return unit_start(later, self.interval, self.week_start_day)

    @property
    def days(self) -> list[str]:
        return [self._day(bucket) for bucket in self.buckets]

    @property
    def labels(self) -> list[str]:
        return [self._label(bucket) for bucket in self.buckets]

    def _day(self, bucket: datetime) -> str:
        return bucket.strftime("%Y-%m-%d %H:%M:%S" if self.interval in STEPS else "%Y-%m-%d")

    def _label(self, bucket: datetime) -> str:
        day = f"{bucket.day}-{_MONTHS[bucket.month - 1]}-{bucket.year}"
        return f"{day} {bucket:%H:%M}" if self.interval in STEPS else day

    def key(self, bucket: datetime) -> BucketKey:
        """The bucket as the store's answer names it: a date, or unix seconds within a day."""
        if self.interval in STEPS:
            return int((bucket - _EPOCH).total_seconds())
        return bucket.strftime("%Y-%m-%d")

    @cached_property
    def index_of_key(self) -> dict[BucketKey, int]:
        return {self.key(bucket): index for index, bucket in enumerate(self.buckets)}

    def bucket_of(self, time: Sql) -> Sql:
        """The bucket of an event's time, as `key` has it."""
        return Sql(
            _BUCKET_SQL[self.interval].format(
                time=time, zone=text(str(self.start.tzinfo)), week=self.week_start_day
            )
        )

    def contains(self, time: Sql) -> tuple[Sql, Sql]:
        """The conditions that a time lies in the range."""
        return between(time, self.start, self.end)

    def aligned(self) -> "InsightRange":
        """From the start of the first bucket."""
        return replace(self, start=unit_start(self.start, self.interval, self.week_start_day))

    def resolved(self) -> dict[str, str]:
        return {"date_from": self.start.isoformat(), "date_to": self.end.isoformat()}

    def previous(self, compare_to: str | None = None) -> "InsightRange":
        """The period before, or the same one `compare_to` (such as -1m) ago."""
        if compare_to:
            return self._shifted(compare_to)
        length = self.end - self.start
        start = self.start - length
        if self.interval in STEPS:
            start = unit_start(start, self.interval, self.week_start_day)
            if self.interval == "hour":
                start = start.replace(hour=self.start.hour)
            return replace(self, start=start, end=start + length)
        start = start.replace(hour=0, minute=0, second=0, microsecond=0)
        # Whole weeks up to today cover one day more: the weekdays are to line up.
        if self.interval == "day" and self.days_back and self.days_back % 7 == 0:
            start += timedelta(days=1)
        end = (start + length).replace(hour=23, minute=59, second=59, microsecond=999999)
        return replace(self, start=start, end=end)

    def _shifted(self, compare_to: str) -> "InsightRange":
        path = "query.compareFilter.compare_to"
        start = parse_date(compare_to, self.start, self.week_start_day, path)
        if not start.is_relative:
            raise QueryError("compare_to must be relative, for example -1w or -1m.", attribute=path)
        midnight = self.start.replace(hour=0, minute=0, second=0, microsecond=0)
        shift = relativedelta(
            parse_date(compare_to, midnight, self.week_start_day, path).moment, midnight
        )
        return replace(self, start=self.start + shift, end=self.end + shift)


def between(time: Sql, start: datetime, end: datetime) -> tuple[Sql, Sql]:
    return (
        Sql(f"{time} >= {moment_of(start)}"),
        Sql(f"{time} <= {moment_of(end)}"),
    )


def moment_of(value: datetime) -> Sql:
    """A literal of the moment, to the microsecond."""
    if value.tzinfo is not None:
        value = value.astimezone(UTC)
    return call("toDateTime64", text(value.strftime("%Y-%m-%d %H:%M:%S.%f")), Sql("6"), text("UTC"))


def unix_us(value: datetime) -> int:
    return (value - _EPOCH) // timedelta(microseconds=1)


def resolve_range(
    node: DateRangeNode, interval: Interval | None, context: InsightContext
) -> InsightRange:
    """The range as asked, at the context's time. Raises `QueryError` naming the wrong end."""
    unit: Interval = interval or "day"
    now = (_EPOCH + timedelta(microseconds=context.now_us)).astimezone(context.zone)
    start = _start(node.date_from or _DEFAULT_FROM, now, context)
    end = _end(node, unit, now, context)
    if start.moment.astimezone(UTC) > end.astimezone(UTC):
        raise QueryError("The range ends before it starts.", attribute="query.dateRange.date_to")
    found = InsightRange(
        start=start.moment,
        end=end,
        interval=unit,
        week_start_day=context.week_start_day,
        days_back=None if node.date_to else start.days_back,
    )
    if unit == "month" and not node.explicit_date:
        return found.aligned()
    return found


def _start(value: str, now: datetime, context: InsightContext) -> ParsedDate:
    if value == _ALL:
        if context.earliest_us is not None:
            earliest = _EPOCH + timedelta(microseconds=context.earliest_us)
            local = earliest.astimezone(context.zone)
            return ParsedDate(unit_start(local, "day", 0), is_relative=True, is_plain_date=False)
        value = _DEFAULT_FROM
    return parse_date(value, now, context.week_start_day, "query.dateRange.date_from")


def _end(node: DateRangeNode, unit: str, now: datetime, context: InsightContext) -> datetime:
    path = "query.dateRange.date_to"
    if node.date_to:
        parsed = parse_date(node.date_to, now, context.week_start_day, path)
    else:
        parsed = ParsedDate(now, is_relative=True, is_plain_date=False)
    end = parsed.moment
    if node.explicit_date:
        return end
    if parsed.is_plain_date or unit not in STEPS:
        return datetime.combine(end.date(), DAY_END, end.tzinfo)
    if parsed.is_relative:
        return end_of_unit(end, unit)
    return end


def end_of_unit(value: datetime, unit: str) -> datetime:
    return unit_start(value, unit, 0) + STEPS[unit] - timedelta(microseconds=1)
