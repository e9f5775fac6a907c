"""The stretches of time that a cohort's behavioral filters speak of."""

from datetime import UTC, datetime, timedelta
from typing import Final

from dateutil.relativedelta import relativedelta

from hedgerow.core.errors import QueryError
from hedgerow.query.fragments import Sql
from hedgerow.query.insights.cohort_nodes import CohortNode
from hedgerow.query.insights.context import InsightContext
from hedgerow.query.insights.date_range import moment_of
from hedgerow.query.insights.relative_dates import DAY_END, STEPS, parse_date, unit_start

PERIODS_MAX: Final = 100
_UNITS: Final = {"minute": "M", "hour": "h", "day": "d", "week": "w", "month": "m", "year": "y"}
_SECONDS: Final = {
    "minute": 60,
    "hour": 3600,
    "day": 86_400,
    "week": 7 * 86_400,
    "month": 30 * 86_400,
    "year": 365 * 86_400,
}
_DIGITS_MAX: Final = 5


def positive(value: object, path: str) -> int:
    """A whole number above zero, as a number or as text. Raises `QueryError`."""
    text = str(value)
    if isinstance(value, bool) or not text.isascii() or not text.isdigit() or int(text) < 1:
        raise QueryError("This must be a whole number above zero.", attribute=path)
    if len(text) > _DIGITS_MAX:
        raise QueryError(f"This has at most {_DIGITS_MAX} digits.", attribute=path)
    return int(text)


def unit_of(interval: str | None, path: str) -> str:
    unit = interval or "day"
    if unit not in _UNITS:
        raise QueryError(f"The interval is one of {', '.join(_UNITS)}.", attribute=path)
    return unit


def now_of(context: InsightContext) -> datetime:
    """In the project's time zone."""
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    return (epoch + timedelta(microseconds=context.now_us)).astimezone(context.zone)


def window_start(node: CohortNode, context: InsightContext, path: str) -> datetime | None:
    """None where the window is all time. Raises `QueryError`."""
    if node.explicit_datetime is not None:
        written, name = node.explicit_datetime, "explicit_datetime"
    elif node.time_value is not None:
        unit = unit_of(node.time_interval, f"{path}.time_interval")
        written, name = f"-{node.time_value}{_UNITS[unit]}", "time_value"
    else:
        return None
    now = now_of(context)
    return parse_date(written, now, context.week_start_day, f"{path}.{name}").moment


def window_end(node: CohortNode, context: InsightContext, path: str) -> datetime | None:
    """A plain date to its end; None where the window is open. Raises `QueryError`."""
    if node.explicit_datetime_to is None:
        return None
    parsed = parse_date(
        node.explicit_datetime_to,
        now_of(context),
        context.week_start_day,
        f"{path}.explicit_datetime_to",
    )
    if parsed.is_plain_date:
        return datetime.combine(parsed.moment.date(), DAY_END, parsed.moment.tzinfo)
    return parsed.moment


def window_conditions(node: CohortNode, context: InsightContext, time: Sql, path: str) -> list[Sql]:
    since, until = window_start(node, context, path), window_end(node, context, path)
    after = [] if since is None else [Sql(f"{time} >= {moment_of(since)}")]
    return after if until is None else [*after, Sql(f"{time} <= {moment_of(until)}")]


def recent_start(node: CohortNode, context: InsightContext, path: str) -> datetime:
    """Since when somebody stopped, or restarted. Raises `QueryError`."""
    count = positive(node.seq_time_value, f"{path}.seq_time_value")
    unit = unit_of(node.seq_time_interval, f"{path}.seq_time_interval")
    written = f"-{count}{_UNITS[unit]}"
    now = now_of(context)
    return parse_date(written, now, context.week_start_day, f"{path}.seq_time_value").moment


def sequence_seconds(node: CohortNode, path: str) -> int:
    """In how many seconds the second event must follow the first. Raises `QueryError`."""
    count = positive(node.seq_time_value, f"{path}.seq_time_value")
    return count * _SECONDS[unit_of(node.seq_time_interval, f"{path}.seq_time_interval")]


def period_edges(node: CohortNode, context: InsightContext, path: str) -> list[datetime]:
    """The starts of the last periods and the end of the last one, the oldest first.

    The day (or hour, or minute) that is going on belongs to none. Raises `QueryError`.
    """
    count = positive(node.total_periods, f"{path}.total_periods")
    if count > PERIODS_MAX:
        raise QueryError(
            f"There can be at most {PERIODS_MAX} periods.", attribute=f"{path}.total_periods"
        )
    length = positive(node.time_value, f"{path}.time_value")
    unit = unit_of(node.time_interval, f"{path}.time_interval")
    end = unit_start(now_of(context), unit if unit in STEPS else "day", context.week_start_day)
    return [_back(end, unit, number * length) for number in range(count, -1, -1)]


def _back(moment: datetime, unit: str, count: int) -> datetime:
    """Days and more by the calendar."""
    if unit in STEPS:
        return (moment.astimezone(UTC) - count * STEPS[unit]).astimezone(moment.tzinfo)
    steps = {
        "day": relativedelta(days=count),
        "week": relativedelta(weeks=count),
        "month": relativedelta(months=count),
        "year": relativedelta(years=count),
    }
    return moment - steps[unit]
