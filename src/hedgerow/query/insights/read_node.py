"""JSON → typed node, with errors that say which field is wrong and why."""

import re
from typing import Any, Final, TypeVar

import msgspec

from hedgerow.core.errors import QueryError

# Nodes that only say how to show the query they hold.
WRAPPERS: Final = ("DataTableNode", "DataVisualizationNode", "InsightVizNode", "WebVitalsQuery")
_WRAPPERS_MAX: Final = 5
# The library ends its messages with the place: `$.series[1].math`.
_PLACE = re.compile(r"^(?P<what>.*?)(?: - at `(?:key in )?\$(?P<place>[^`]*)`)?$", re.DOTALL)
_MISSING = re.compile(r"required field `([^`]+)`")
_INDEX = re.compile(r"\[(\d+)\]")

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
        match = _PLACE.match(str(error))
        assert match is not None
        what, place = match.group("what"), match.group("place") or ""
        missing = _MISSING.search(what)
        attribute = path + _INDEX.sub(r".\1", place) + (f".{missing.group(1)}" if missing else "")
        raise QueryError(f"{attribute}: {what}.", attribute=attribute) from None
    except RecursionError:
        raise QueryError("The query is nested too deeply.", attribute=path) from None
