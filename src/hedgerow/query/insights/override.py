"""Filters put over a query from outside: a dashboard's, or `filters_override` of a request."""

from typing import Any, Final

from hedgerow.core.errors import QueryError
from hedgerow.query.insights.read_node import unwrapped

_DATES: Final = ("date_from", "date_to")
_KNOWN: Final = (*_DATES, "properties")
_SQL_KIND: Final = "HogQLQuery"
# Tables of their own: their rows have no date range.
_WITHOUT_RANGE: Final = ("ActorsQuery", "EventsQuery")


def with_filters(query: dict[str, Any], filters: dict[str, Any], path: str) -> dict[str, Any]:
    """The query within another range of dates, and with more property filters.

    The dates replace its own, the filters must match as well. Raises `QueryError`.
    """
    wanted = {name: value for name, value in filters.items() if value not in (None, [], {})}
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
    return _changed(query, wanted)


def _changed(holder: dict[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
    dates = {name: wanted[name] for name in _DATES if name in wanted}
    changed = holder | ({"dateRange": dates} if dates else {})
    if "properties" in wanted:
        both = [_group(item) for item in (holder.get("properties"), wanted["properties"]) if item]
        changed["properties"] = {"type": "AND", "values": both}
    return changed


def _group(filters: Any) -> Any:
    return {"type": "AND", "values": filters} if isinstance(filters, list) else filters
