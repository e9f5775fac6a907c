"""LIMIT, OFFSET and ORDER BY of the queries whose answers are tables."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from hedgerow.core import limits
from hedgerow.core.errors import QueryError
from hedgerow.query.fragments import Sql

LIMIT_DEFAULT: Final = 100
OFFSET_MAX: Final = 10_000_000
_DIRECTION = re.compile(r"^(?P<what>.*?)(?:\s+(?P<direction>(?i:asc|desc)))?\s*$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Page:
    """A statement asks for one row more than `limit`, which tells whether there are more."""

    limit: int
    offset: int

    def fields(self, rows: Sequence[Any]) -> dict[str, Any]:
        return {"hasMore": len(rows) > self.limit, "limit": self.limit, "offset": self.offset}


def page_of(limit: int | None, offset: int | None) -> Page:
    """Raises `QueryError`."""
    found = Page(LIMIT_DEFAULT if limit is None else limit, offset or 0)
    if not 1 <= found.limit <= limits.QUERY_ROWS_MAX:
        raise QueryError(
            f"The limit is from 1 to {limits.QUERY_ROWS_MAX}.", attribute="query.limit"
        )
    if not 0 <= found.offset <= OFFSET_MAX:
        raise QueryError(f"The offset is from 0 to {OFFSET_MAX}.", attribute="query.offset")
    return found


def order_of(
    written: Sequence[str], expression: Callable[[str, str], Sql], path: str = "query.orderBy"
) -> list[Sql]:
    """`timestamp DESC` or `-timestamp`, each by `expression(text, path)`."""
    found = []
    for index, item in enumerate(written):
        match = _DIRECTION.match(item)
        assert match is not None
        what, direction = match.group("what").strip(), (match.group("direction") or "ASC").upper()
        if what.startswith("-"):
            what, direction = what[1:], "DESC"
        found.append(Sql(f"{expression(what, f'{path}.{index}')} {direction}"))
    return found
