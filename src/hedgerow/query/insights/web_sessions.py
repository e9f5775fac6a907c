"""The sessions that questions about web traffic count (read-api §4.7).

A session belongs to the period of its start, and counts only with a pageview or a screen. Filters
decide which of its pages count; its start, length and bounce are always the whole session's.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from hedgerow.core.errors import QueryError
from hedgerow.query.fragments import FALSE, Select, Sql, all_of, any_of, call
from hedgerow.query.insights.context import InsightContext
from hedgerow.query.insights.date_range import InsightRange, between, resolve_range
from hedgerow.query.insights.event_rows import EventRows
from hedgerow.query.insights.filters import entity_conditions, insight_conditions
from hedgerow.query.insights.series_items import periods
from hedgerow.query.insights.web_nodes import WebNode
from hedgerow.query.sessions import (
    BOUNCE_SECONDS_MIN,
    SESSION_DAYS_MAX,
    columns_read,
    sessions_of_rows,
)
from hedgerow.query.tables import HOT_PREFIX, SESSION_UUID
from hedgerow.store.rows import HOT_STRING_PROPERTIES

PAGE: Final = Sql("event IN ('$pageview', '$screen')")
_NO_SESSION: Final = "toUUID('00000000-0000-0000-0000-000000000000')"
START: Final = "$start_timestamp"
_BOUNCE_MAX: Final = 120
_REACH: Final = timedelta(days=SESSION_DAYS_MAX)


@dataclass(frozen=True, slots=True)
class WebPeriods:
    """The asked period, and the one it is compared with."""

    current: InsightRange
    previous: InsightRange | None

    def flags(self) -> dict[str, Sql]:
        """Whether a session is of either period, from the column of its start."""
        start = Sql(f"`{START}`")
        previous = FALSE if self.previous is None else all_of(self.previous.contains(start))
        return {"is_current": all_of(self.current.contains(start)), "is_previous": previous}

    def read(self, time: Sql) -> list[Sql]:
        """What keeps every event of the periods' sessions."""
        ranges = [self.current] if self.previous is None else [self.previous, self.current]
        ends = [(item.start - _REACH, item.end + _REACH) for item in ranges]
        conditions = [*between(time, min(a for a, _ in ends), max(b for _, b in ends))]
        if _are_apart(ends):
            conditions.append(any_of(all_of(between(time, *pair)) for pair in ends))
        return conditions


def _are_apart(ends: list[tuple[datetime, datetime]]) -> bool:
    first, last = min(ends), max(ends)
    return first[1] < last[0]


def web_periods(node: WebNode, context: InsightContext) -> WebPeriods:
    """Raises `QueryError` naming the wrong end."""
    current = resolve_range(node.date_range, node.interval, context)
    _, *before = periods(current, node.compare_filter)
    return WebPeriods(current, before[0].range if before else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionQuestion:
    """What is asked of each session.

    `wanted` are columns of sessions, `rows` expressions over each event, and `totals` aggregates
    over those by session.
    """

    wanted: tuple[str, ...] = ()
    rows: Mapping[str, Sql]
    totals: Mapping[str, Sql]


def web_sessions(
    node: WebNode, periods: WebPeriods, rows: EventRows, question: SessionQuestion
) -> Select:
    """The periods' sessions with `wanted`, `totals`, `views`, `is_current` and `is_previous`.

    In `totals`, `is_page` is whether an event is a page that counts, `is_wanted` whether it passes
    the filters, and `actor` is who did it.
    """
    filters = all_of(insight_conditions(node, rows))
    wanted = {START, *question.wanted}
    stored = {name: _as_stored(name) for name in sorted(columns_read(wanted))}
    columns = stored | {
        "actor": rows.actor(),
        "is_wanted": call("ifNull", filters, FALSE),
        "is_page": Sql(f"{PAGE} AND ifNull({filters}, 0)"),
        **question.rows,
    }
    where = [
        *periods.read(rows.time),
        Sql(f"{SESSION_UUID} != {_NO_SESSION}"),
        *rows.actor_conditions(),
    ]
    events = rows.select(columns, where).sql()
    totals = {"views": Sql("countIf(is_page)"), **question.totals}
    flags = periods.flags()
    sessions = sessions_of_rows(events, wanted, totals, bounce_seconds=_bounce_seconds(node))
    return Select(
        columns={name: Sql(f"`{name}`") for name in (*question.wanted, *totals)} | flags,
        source=Sql(f"({sessions})"),
        where=(Sql("views > 0"), any_of(flags.values())),
    )


def _bounce_seconds(node: WebNode) -> int:
    """How long somebody stays who has not bounced. Raises `QueryError`."""
    asked = (node.modifiers or {}).get("bounceRateDurationSeconds")
    if asked is None:
        return BOUNCE_SECONDS_MIN
    if isinstance(asked, bool) or not isinstance(asked, int) or not 1 <= asked <= _BOUNCE_MAX:
        raise QueryError(
            f"This is a whole number of seconds from 1 to {_BOUNCE_MAX}.",
            attribute="query.modifiers.bounceRateDurationSeconds",
        )
    return asked


def _as_stored(name: str) -> Sql:
    """A stored column from the rows that a statement may read."""
    if name == "session_uuid":
        return Sql(SESSION_UUID)
    return Sql(HOT_PREFIX + name if name in HOT_STRING_PROPERTIES else name)


def goal_condition(node: WebNode, rows: EventRows) -> Sql | None:
    """Which events reach the query's goal; None where it has none."""
    if node.conversion_goal is None:
        return None
    path = "query.conversionGoal"
    series = node.conversion_goal.series
    if series is None:
        raise QueryError("A goal needs an actionId or a customEventName.", attribute=path)
    return all_of(entity_conditions(series, rows, path))


def shown_pair(current: object, previous: object, periods: WebPeriods) -> list[object]:
    """A cell of a table: the value, and the one before where there is a comparison."""
    return [current, None if periods.previous is None else previous]
