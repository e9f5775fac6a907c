"""JSON → typed node, with errors that say which field is wrong and why."""

import re
from collections.abc import Iterator
from typing import Any, Final, TypeVar

import msgspec

from hedgerow.core.errors import QueryError

# Nodes that only say how to show the query they hold.
WRAPPERS: Final = ("DataTableNode", "DataVisualizationNode", "InsightVizNode")
_WRAPPERS_MAX: Final = 5
# The library ends its messages with the place: `$.series[...].math`.
_PLACE = re.compile(r"^(?P<what>.*?)(?: - at `(?:key in )?\$(?P<path>[^`]*)`)?$", re.DOTALL)
_MISSING = re.compile(r"required field `([^`]+)`")
_ANY_INDEX: Final = "[...]"

NodeT = TypeVar("NodeT", bound=msgspec.Struct)


def unwrapped(query: Any) -> dict[str, Any]:
    """The query inside nodes such as DataTableNode. Raises `QueryError`."""
    for _ in range(_WRAPPERS_MAX):
        if not isinstance(query, dict):
            raise QueryError("The query must be an object with a kind.")
        if query.get("kind") not in WRAPPERS:
            return query
        query = query.get("source")
    raise QueryError("The query is wrapped too often.")


def read_node(query: dict[str, Any], kind: type[NodeT], path: str = "query") -> NodeT:
    """The node as `kind`. Raises `QueryError` whose attribute is the path of the wrong field."""
    try:
        return msgspec.convert(query, kind)
    except msgspec.ValidationError as error:
        what, place = _described(error)
        where = _with_indexes(query, kind, place)
        missing = _MISSING.search(what)
        attribute = path + where + (f".{missing.group(1)}" if missing else "")
        raise QueryError(f"{attribute}: {what}.", attribute=attribute) from None
    except RecursionError:
        raise QueryError("The query is nested too deeply.", attribute=path) from None


def _described(error: msgspec.ValidationError) -> tuple[str, str]:
    match = _PLACE.match(str(error))
    assert match is not None
    return match.group("what"), match.group("path") or ""


def _with_indexes(query: Any, kind: type[msgspec.Struct], place: str) -> str:
    """The library does not say which item of a list is wrong: find the first that is."""
    head, found, rest = place.partition(_ANY_INDEX)
    if not found:
        return place
    for index, changed in _each_alone(query, head.split(".")[1:]):
        try:
            msgspec.convert(changed, kind)
        except msgspec.ValidationError as error:
            _, again = _described(error)
            return f"{head}.{index}{again.removeprefix(head + found).replace(_ANY_INDEX, '')}"
    return head + rest.replace(_ANY_INDEX, "")


def _each_alone(query: Any, keys: list[str]) -> Iterator[tuple[int, Any]]:
    """The query with only one item of the list at `keys`, for each item."""
    if not keys:
        yield from ((index, [item]) for index, item in enumerate(query))
        return
    for index, inner in _each_alone(query[keys[0]], keys[1:]):
        yield index, {**query, keys[0]: inner}
