"""When the recordings that are asked for began, from a request's words."""

from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from hedgerow.core.clock import Clock
from hedgerow.directory.projects import Project
from hedgerow.query.insights.relative_dates import parse_date

_ALL: Final = "all"
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def asked_moment_us(project: Project, clock: Clock, text: str | None, parameter: str) -> int | None:
    """None where the range is open. Written as an insight's dates: `-7d`, `2026-03-01`, `mStart`.

    A day given as `date_to` counts to its end. Raises `QueryError` naming the parameter.
    """
    if not text or text == _ALL:
        return None
    zone = ZoneInfo(project.settings.time_zone)
    now = (_EPOCH + timedelta(microseconds=clock.now_us())).astimezone(zone)
    parsed = parse_date(text, now, project.settings.week_start_day, parameter)
    moment = parsed.moment
    if parsed.is_plain_date and parameter == "date_to":
        moment = datetime.combine(moment.date(), time.max, zone)
    return (moment - _EPOCH) // timedelta(microseconds=1)
