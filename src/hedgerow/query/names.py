"""Column names in a user's query → the store's columns and properties."""

from typing import Any

from sqlglot import exp

from hedgerow.core.errors import QueryError
from hedgerow.query.functions import NUMERIC_FUNCTIONS
from hedgerow.query.properties import property_expression
from hedgerow.query.tables import VISIBLE_TABLES

_ARITHMETIC = (exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Mod, exp.Neg, exp.IntDiv)
_COMPARISONS = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Between, exp.In)


def output_names(tree: exp.Query) -> list[str] | None:
    """The columns' names as the user wrote them; None where a `*` hides how many there are."""
    select = tree.selects
    if any(item.is_star for item in select):
        return None
    return [_output_name(item) for item in select]


def _output_name(item: Any) -> str:
    if item.alias:
        return str(item.alias)
    path = _path(item)
    return ".".join(path) if path else str(item.sql(dialect="clickhouse")).replace('"', "")


class NameResolver:
    """Rewrites property and person access in place, innermost select first.

    It reads `properties.x`, `person.properties.x`, `person.id` and the same behind an alias of
    the table, also as `properties['x']`; and `*`, which means the documented columns.
    """

    def __init__(self, tree: exp.Query) -> None:
        self._tree = tree

    def resolve(self) -> None:
        selects = list(self._tree.find_all(exp.Select))
        for select in reversed(selects):
            sources = _sources(select)
            _expand_stars(select, sources)
            for node in _paths(select):
                _rewrite(node, sources)


def _sources(select: exp.Select) -> dict[str, str | None]:
    """Alias → table name, or None for a subquery; in the order of FROM and JOIN."""
    sources: dict[str, str | None] = {}
    nodes = [select.args.get("from_"), *(select.args.get("joins") or [])]
    for node in nodes:
        source = node.this if node is not None else None
        if isinstance(source, exp.Final):
            source = source.this
        if isinstance(source, exp.Table):
            known = source.name if source.name in VISIBLE_TABLES else None
            sources[source.alias or source.name] = known
        elif isinstance(source, exp.Subquery):
            sources[source.alias] = None
    return sources


def _expand_stars(select: exp.Select, sources: dict[str, str | None]) -> None:
    expanded: list[exp.Expression] = []
    for item in select.expressions:
        star = item.this if isinstance(item, exp.Column) else item
        if not isinstance(star, exp.Star):
            expanded.append(item)
            continue
        wanted = item.table if isinstance(item, exp.Column) else ""
        for alias, table in sources.items():
            if wanted and alias != wanted:
                continue
            if table is None:
                expanded.append(
                    exp.Column(this=exp.Star(), table=exp.to_identifier(alias or None, quoted=True))
                )
            else:
                expanded += [
                    exp.column(name, alias, quoted=True) for name in VISIBLE_TABLES[table].columns
                ]
    if expanded:
        select.set("expressions", expanded)


def _paths(select: exp.Select) -> list[exp.Expression]:
    """The outermost nodes that are a path of names, in this select alone."""
    found: list[exp.Expression] = []

    def visit(node: exp.Expression) -> None:
        if node is not select and isinstance(node, exp.Query | exp.Table):
            return
        if _path(node) is not None:
            found.append(node)
            return
        for child in node.iter_expressions():
            visit(child)

    visit(select)
    return found


def _path(node: exp.Expression) -> list[str] | None:
    """`a.b.c` or `a.b['c']` as names; None where it is not a path."""
    if isinstance(node, exp.Column):
        if isinstance(node.this, exp.Star):
            return None
        return [part.name for part in node.parts]
    if isinstance(node, exp.Dot) and isinstance(node.expression, exp.Identifier):
        head = _path(node.this)
        return None if head is None else [*head, node.expression.name]
    if isinstance(node, exp.Bracket) and len(node.expressions) == 1:
        key = node.expressions[0]
        head = _path(node.this)
        if head is not None and isinstance(key, exp.Literal) and key.is_string:
            return [*head, key.this]
    return None


def _rewrite(node: exp.Expression, sources: dict[str, str | None]) -> None:
    path = _path(node)
    assert path is not None
    alias: str | None = None
    if len(path) > 1 and path[0] in sources:
        alias, path = path[0], path[1:]
        tables = [sources[alias]]
    else:
        tables = [table for table in sources.values() if table is not None]
    replacement = _replacement(path, tables, alias)
    if replacement is not None:
        node.replace(_as_number(node, replacement))


def _replacement(
    path: list[str], tables: list[str | None], alias: str | None
) -> exp.Expression | None:
    head, rest = path[0], path[1:]
    if head == "properties" and rest and ("events" in tables or "persons" in tables):
        scope = "event" if "events" in tables else "person"
        return property_expression(scope, rest, alias)
    if head == "person" and rest and "events" in tables:
        return _person_field(rest, alias)
    if head.startswith("$") and not rest and "events" in tables:
        return property_expression("event", [head], alias)
    if head.startswith("__"):
        raise QueryError(f"There is no column `{head}`.")
    return None


def _person_field(path: list[str], alias: str | None) -> exp.Expression:
    if path[0] == "properties" and len(path) > 1:
        return property_expression("person_on_event", path[1:], alias)
    columns = {
        "id": "person_id",
        "created_at": "person_created_at",
        "properties": "person_properties",
    }
    if len(path) > 1 or path[0] not in columns:
        raise QueryError(
            f"There is no `person.{'.'.join(path)}`; "
            "use person.id, person.created_at or person.properties.NAME."
        )
    return exp.column(columns[path[0]], alias, quoted=True)


def _as_number(node: exp.Expression, value: exp.Expression) -> exp.Expression:
    """A property is text; where a number is asked for it is read as one, or NULL."""
    parent = node.parent
    if isinstance(value, exp.Column) and not value.name.startswith("__hot_"):
        return value
    asked = isinstance(parent, _ARITHMETIC) or (
        isinstance(parent, exp.Func) and _function_name(parent) in NUMERIC_FUNCTIONS
    )
    if isinstance(parent, _COMPARISONS):
        asked = any(
            isinstance(other, exp.Literal | exp.Neg) and not getattr(other, "is_string", False)
            for other in parent.iter_expressions()
            if other is not node
        )
    if not asked:
        return value
    return exp.Anonymous(this="toFloat64OrNull", expressions=[value])


def _function_name(function: exp.Func) -> str:
    name = function.name if isinstance(function, exp.Anonymous) else function.sql_name()
    return str(name).lower()
