"""The first two walls: which kinds of syntax, and which functions, a user's SQL may have."""

from typing import Final

from sqlglot import exp

from hedgerow.core.errors import QueryError
from hedgerow.query.functions import ALLOWED_FUNCTIONS, KEYWORDS, SHOWN_FUNCTIONS
from hedgerow.query.lexing import called_names
from hedgerow.query.placeholders import PLACEHOLDER_PREFIX
from hedgerow.query.suggestions import did_you_mean
from hedgerow.query.tables import VISIBLE_TABLES

DEPTH_MAX: Final = 100
DIALECT: Final = "clickhouse"

_ALLOWED_NODES: Final = (
    *(exp.Select, exp.From, exp.Join, exp.Where, exp.Group, exp.Having, exp.Order, exp.Ordered),
    *(exp.Limit, exp.Offset, exp.With, exp.CTE, exp.TableAlias, exp.Subquery, exp.SetOperation),
    *(exp.Table, exp.Identifier, exp.Column, exp.Dot, exp.Star, exp.Literal, exp.Boolean, exp.Null),
    *(exp.Alias, exp.Paren, exp.Binary, exp.Unary, exp.Func, exp.In, exp.Between, exp.Interval),
    *(exp.Var, exp.DataType, exp.DataTypeParam, exp.Bracket, exp.Tuple, exp.Lambda, exp.Window),
    *(exp.WindowSpec, exp.Distinct, exp.Slice, exp.If, exp.Qualify, exp.Final, exp.IntervalSpan),
    *(exp.LimitOptions, exp.Aliases, exp.PropertyEQ),
)
# Subclasses of what is allowed that are not.
_REFUSED_NODES: Final = (exp.Into, exp.Parameter, exp.Placeholder, exp.Command, exp.Lateral)
# Type names in a CAST, which stand before a parenthesis too.
_TYPE_NAMES: Final = frozenset(
    (
        *("Nullable", "DateTime64", "DateTime", "Decimal", "FixedString", "Array", "Tuple"),
        *("LowCardinality", "Map", "Enum8"),
    )
)


def check_nodes(tree: exp.Query) -> None:
    """Raises `QueryError` for syntax that is not on the list."""
    for node in tree.walk():
        if isinstance(node, _REFUSED_NODES) or not isinstance(node, _ALLOWED_NODES):
            raise QueryError(f"{type(node).__name__.upper()} is not allowed in a query.")
        if isinstance(node, exp.Query):
            for part in ("settings", "format", "into", "sample", "locks", "hint"):
                if node.args.get(part):
                    raise QueryError(f"{part.upper()} is not allowed in a query.")
        if isinstance(node, exp.Table):
            _check_table(node)
        if isinstance(node, exp.In):
            _check_in(node)
        if isinstance(node, exp.Identifier):
            _check_name(node.name)
    if _depth(tree) > DEPTH_MAX:
        raise QueryError("The query is nested too deeply.")


def _check_name(name: str) -> None:
    """Names with two underscores in front are ours, and stand for what a query may not name."""
    if name.startswith("__") and not name.startswith(PLACEHOLDER_PREFIX):
        raise QueryError(f"There is no column `{name}`; names do not begin with two underscores.")


def _check_in(node: exp.In) -> None:
    """A bare name after IN would be a table to the engine, and reach past the walls."""
    name = node.args.get("field")
    if isinstance(name, exp.Column) and name.name.startswith(PLACEHOLDER_PREFIX):
        return
    items = node.expressions
    bare = name is not None or (
        len(items) == 1
        and isinstance(items[0].unnest(), exp.Column | exp.Dot | exp.Identifier)
        and not items[0].unnest().name.startswith(PLACEHOLDER_PREFIX)
    )
    if bare or node.args.get("unnest") is not None:
        raise QueryError("IN takes a list of values or a SELECT in parentheses.")


def _check_table(table: exp.Table) -> None:
    if not isinstance(table.this, exp.Identifier):
        raise QueryError("Table functions are not allowed in a query.")
    if table.args.get("db") or table.args.get("catalog"):
        raise QueryError(
            f"There is no table `{table.sql(dialect=DIALECT)}`. There are {tables_there_are()}."
        )
    unexpected = [
        name for name in table.args if table.args[name] and name not in ("this", "alias", "joins")
    ]
    if unexpected:
        raise QueryError(f"{unexpected[0].upper()} is not allowed on a table.")


def tables_there_are() -> str:
    return f"the tables {', '.join(VISIBLE_TABLES)}"


def _depth(tree: exp.Query) -> int:
    deepest, level = 0, list(tree.iter_expressions())
    while level:
        deepest += 1
        level = [child for node in level for child in node.iter_expressions()]
    return deepest


def check_functions(printed: str) -> None:
    """Raises `QueryError` for a function that is not on the list, in the text as printed."""
    for name in called_names(printed):
        lowered = name.lower()
        if lowered not in ALLOWED_FUNCTIONS and lowered not in KEYWORDS and name not in _TYPE_NAMES:
            hint = did_you_mean(name, SHOWN_FUNCTIONS)
            raise QueryError(f"There is no function `{name}` in queries{hint}")
