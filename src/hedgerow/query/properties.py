"""The one place that knows where a property lies in the store."""

from typing import Final

from sqlglot import exp

from hedgerow.query.tables import EVENTS, HOT_PREFIX, VisibleTable
from hedgerow.store.promoted import NOTHING_PROMOTED, PromotedProperties
from hedgerow.store.rows import HOT_STRING_PROPERTIES

_HOT_COLUMN: Final = {name: column for column, name in HOT_STRING_PROPERTIES.items()}
_PROMOTED_PREFIX: Final = "__promoted_"
# The column of JSON text by scope; others are the scope's own name for one.
_JSON_COLUMN: Final = {
    "event": "properties",
    "person": "properties",
    "group": "properties",
    "person_on_event": "person_properties",
}


def property_expression(
    scope: str,
    path: list[str],
    table_alias: str | None = None,
    *,
    promoted: PromotedProperties = NOTHING_PROMOTED,
) -> exp.Expression:
    """A property as Nullable(String): NULL when absent or null, text as it is, else its JSON.

    `scope` is event or person_on_event (on `events`), person (on `persons`), group (on `groups`),
    or the name of a column of JSON text. `path` goes into nested objects. The same value comes
    from a column of its own where the property has one.
    """
    if scope == "event" and len(path) == 1 and path[0] in _HOT_COLUMN:
        return exp.column(HOT_PREFIX + _HOT_COLUMN[path[0]], table_alias, quoted=True)
    if len(path) == 1:
        found = promoted.find(scope, path[0])
        if found is not None:
            return exp.column(_PROMOTED_PREFIX + found.column, table_alias, quoted=True)
    column = exp.column(_JSON_COLUMN.get(scope, scope), table_alias, quoted=True)
    keys = [exp.Literal.string(key) for key in path]
    return exp.Anonymous(
        this="JSONExtract", expressions=[column, *keys, exp.Literal.string("Nullable(String)")]
    )


def typed_property(
    scope: str,
    path: list[str],
    property_type: str,
    table_alias: str | None = None,
    *,
    promoted: PromotedProperties = NOTHING_PROMOTED,
) -> exp.Expression:
    """A property as its definition's type (ingestion §11); NULL where it does not fit."""
    if len(path) == 1:
        found = promoted.find(scope, path[0])
        if found is not None and found.type == property_type and found.value_column is not None:
            return exp.column(_PROMOTED_PREFIX + found.value_column, table_alias, quoted=True)
    text = property_expression(scope, path, table_alias, promoted=promoted)
    match property_type:
        case "Numeric":
            return _call("toFloat64OrNull", text)
        case "Boolean":
            values = exp.Array(expressions=[exp.Literal.string(x) for x in ("true", "false")])
            flags = exp.Array(expressions=[exp.Literal.number(1), exp.Literal.number(0)])
            return _call("toBool", _call("transform", text, values, flags, exp.Null()))
        case "DateTime":
            micro, zone = exp.Literal.number(6), exp.Literal.string("UTC")
            return _call("parseDateTime64BestEffortOrNull", text, micro, zone)
    return text


def events_table(promoted: PromotedProperties) -> VisibleTable:
    """`events` with the columns of promoted properties, hidden."""
    columns = {_PROMOTED_PREFIX + name: name for item in promoted for name in item.columns}
    return VisibleTable(EVENTS.name, EVENTS.columns, EVENTS.hidden_columns | columns)


def _call(name: str, *arguments: exp.Expression) -> exp.Expression:
    return exp.Anonymous(this=name, expressions=list(arguments))
