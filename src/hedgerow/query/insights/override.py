"""What is put over a query from outside: by a dashboard, or by a request's `filters_override` and
`variables_override` (read-api §3.3).
"""

from typing import Any, Final

from hedgerow.core.errors import QueryError
from hedgerow.query.insights.read_node import unwrapped

_DATES: Final = ("date_from", "date_to")
_BREAKDOWN: Final = "breakdown_filter"
_KNOWN: Final = (*_DATES, "explicitDate", "properties", _BREAKDOWN)
_SQL_KIND: Final = "HogQLQuery"
# Tables of their own: their rows have no date range.
_WITHOUT_RANGE: Final = ("ActorsQuery", "EventsQuery", "GroupsQuery", "SessionsQuery")
_BROKEN_DOWN: Final = ("TrendsQuery", "FunnelsQuery", "RetentionQuery")


def with_filters(query: dict[str, Any], filters: dict[str, Any], path: str) -> dict[str, Any]:
    """The query within another range of dates, with more property filters, or broken down.

    The dates and the breakdown replace its own, the filters must match as well. A query that has
    no breakdown stays without. Raises `QueryError`.
    """
    wanted = {name: value for name, value in filters.items() if value not in (None, [], {}, False)}
    for name in wanted:
        if name not in _KNOWN:
            raise QueryError(
                f"{name[:50]!r} cannot be put over a query; {', '.join(_KNOWN)} can.",
                attribute=f"{path}.{name[:50]}",
            )
    if not wanted:
        return query
    query = unwrapped(query)
    if query.get("kind") in _WITHOUT_RANGE:
        raise QueryError(f"{query['kind']} takes no filters from outside.", attribute=path)
    if query.get("kind") == _SQL_KIND:
        return query | {"filters": _changed(query.get("filters") or {}, wanted)}
    changed = _changed(query, wanted)
    if _BREAKDOWN in wanted and query.get("kind") in _BROKEN_DOWN:
        changed["breakdownFilter"] = wanted[_BREAKDOWN]
    return changed


def with_variables(query: dict[str, Any], variables: dict[str, Any]) -> dict[str, Any]:
    """An SQL query with other values of its variables, by their ids or names; others as they are.

    A value is as in the query's own `variables`.
    """
    query = unwrapped(query)
    if not variables or query.get("kind") != _SQL_KIND:
        return query
    own = query.get("variables") or {}
    return query | {"variables": {**own, **variables}}


def _changed(holder: dict[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
    dates = {name: wanted[name] for name in (*_DATES, "explicitDate") if name in wanted}
    changed = holder | ({"dateRange": dates} if dates else {})
    if "properties" in wanted:
        both = [_group(item) for item in (holder.get("properties"), wanted["properties"]) if item]
        changed["properties"] = {"type": "AND", "values": both}
    return changed


def _group(filters: Any) -> Any:
    return {"type": "AND", "values": filters} if isinstance(filters, list) else filters
