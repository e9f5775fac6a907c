"""The one place that knows where a property lies in the store."""

from typing import Final

from sqlglot import exp

from hedgerow.query.tables import HOT_PREFIX
from hedgerow.store.rows import HOT_STRING_PROPERTIES

_HOT_COLUMN: Final = {name: column for column, name in HOT_STRING_PROPERTIES.items()}


def property_expression(
    scope: str, path: list[str], table_alias: str | None = None
) -> exp.Expression:
    """A property as Nullable(String): NULL when absent or null, text as it is, else its JSON.

    `scope` is event (on `events`), person_on_event, or person (on `persons`). `path` goes into
    nested objects. Values are compared as text; `typed.py` turns them to numbers where a number
    is asked for.
    """
    if scope == "event" and len(path) == 1 and path[0] in _HOT_COLUMN:
        return exp.column(HOT_PREFIX + _HOT_COLUMN[path[0]], table_alias, quoted=True)
    name = "person_properties" if scope == "person_on_event" else "properties"
    column = exp.column(name, table_alias, quoted=True)
    keys = [exp.Literal.string(key) for key in path]
    return exp.Anonymous(
        this="JSONExtract", expressions=[column, *keys, exp.Literal.string("Nullable(String)")]
    )
