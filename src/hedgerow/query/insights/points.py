"""Which point of an insight is meant: its period, series and bucket."""

from datetime import UTC, datetime, timedelta

from hedgerow.core.errors import QueryError
from hedgerow.query.insights.context import InsightContext
from hedgerow.query.insights.date_range import InsightRange
from hedgerow.query.insights.nodes import ActorsPoint
from hedgerow.query.insights.relative_dates import parse_date, unit_start
from hedgerow.query.insights.series_items import Period


def point_series(point: ActorsPoint, count: int) -> int:
    """The number of the series. Raises `QueryError`."""
    index = point.series or 0
    if not 0 <= index < count:
        raise QueryError(f"There is no series {index}.", attribute="query.source.series")
    return index


def point_period(point: ActorsPoint, periods: list[Period]) -> InsightRange:
    """The range of the current or the previous period. Raises `QueryError`."""
    if point.compare != "previous":
        return periods[0].range
    if len(periods) == 1:
        raise QueryError("The insight compares no periods.", attribute="query.source.compare")
    return periods[1].range


def point_bucket(
    point: ActorsPoint, range_: InsightRange, context: InsightContext
) -> datetime | None:
    """The start of the bucket that the day is in; None for all of the range."""
    if point.day is None:
        return None
    now = datetime.fromtimestamp(0, UTC) + timedelta(microseconds=context.now_us)
    moment = parse_date(
        str(point.day), now.astimezone(context.zone), context.week_start_day, "query.source.day"
    ).moment
    bucket = unit_start(moment, range_.interval, range_.week_start_day)
    if range_.key(bucket) not in range_.index_of_key:
        raise QueryError("The day is not in the insight's range.", attribute="query.source.day")
    return bucket


def bucket_equals(range_: InsightRange, bucket: datetime) -> str:
    """The bucket as a literal to compare `range_.bucket_of(…)` with."""
    key = range_.key(bucket)
    return str(key) if isinstance(key, int) else f"toDate('{key}')"
