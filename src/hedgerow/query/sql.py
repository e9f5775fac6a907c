"""A user's SQL, made safe: parsed by us, checked node by node, confined, and printed by us.

The text that reaches the engine is never the user's (reliability §1.9). Three walls stand one
behind the other: only listed kinds of syntax, only listed functions (checked in the printed
text), and only subqueries of one project's rows in place of tables.
"""

from dataclasses import dataclass
from typing import Final

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from hedgerow.core import limits
from hedgerow.core.errors import QueryError
from hedgerow.query.functions import ALLOWED_FUNCTIONS, KEYWORDS
from hedgerow.query.lexing import called_names, quote_dollar_names
from hedgerow.query.names import NameResolver, output_names
from hedgerow.query.tables import RESERVED_TABLES, VISIBLE_TABLES, confined_subquery

DIALECT: Final = "clickhouse"
LIMIT_DEFAULT: Final = 100
DEPTH_MAX: Final = 100

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


@dataclass(frozen=True, slots=True)
class PreparedQuery:
    """`sql` asks for one row more than `limit`, which tells whether there are more.

    `columns` are the names as the user wrote them; None where the engine's names are right.
    """

    sql: str
    limit: int
    offset: int
    columns: list[str] | None


def prepare(sql: str, *, project_id: int, rows_max: int = limits.QUERY_ROWS_MAX) -> PreparedQuery:
    """Raises `QueryError` that says what is wrong, in the user's terms."""
    tree = _parse(sql)
    check_nodes(tree)
    columns = output_names(tree)
    NameResolver(tree).resolve()
    limit, offset = _limit(tree, rows_max)
    _confine(tree, project_id)
    printed = tree.sql(dialect=DIALECT, comments=False)
    check_functions(printed)
    return PreparedQuery(printed, limit, offset, columns)


def _parse(sql: str) -> exp.Query:
    if len(sql) > limits.QUERY_TEXT_CHARS_MAX:
        raise QueryError(f"The query is longer than {limits.QUERY_TEXT_CHARS_MAX} characters.")
    try:
        statements = sqlglot.parse(quote_dollar_names(sql), dialect=DIALECT)
    except SqlglotError as error:
        raise QueryError(f"The query could not be parsed: {_parse_message(error)}") from None
    except RecursionError:
        raise QueryError("The query is nested too deeply.") from None
    if len(statements) != 1 or statements[0] is None:
        raise QueryError("Send exactly one SELECT statement.")
    (tree,) = statements
    if not isinstance(tree, exp.Select | exp.SetOperation):
        raise QueryError("Only SELECT statements can be run.")
    return tree


def _parse_message(error: SqlglotError) -> str:
    details = getattr(error, "errors", None)
    if details:
        first = details[0]
        return f"{first['description']} (line {first['line']}, column {first['col']})"
    return str(error).splitlines()[0]


def check_nodes(tree: exp.Query) -> None:
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
    if _depth(tree) > DEPTH_MAX:
        raise QueryError("The query is nested too deeply.")


def _check_in(node: exp.In) -> None:
    """A bare name after IN would be a table to the engine, and reach past the walls."""
    items = node.expressions
    bare = node.args.get("field") is not None or (
        len(items) == 1 and isinstance(items[0].unnest(), exp.Column | exp.Dot | exp.Identifier)
    )
    if bare or node.args.get("unnest") is not None:
        raise QueryError("IN takes a list of values or a SELECT in parentheses.")


def _check_table(table: exp.Table) -> None:
    if not isinstance(table.this, exp.Identifier):
        raise QueryError("Table functions are not allowed in a query.")
    if table.args.get("db") or table.args.get("catalog"):
        raise QueryError(f"There is no table `{table.sql(dialect=DIALECT)}`; {_tables()}.")
    unexpected = [
        name for name in table.args if table.args[name] and name not in ("this", "alias", "joins")
    ]
    if unexpected:
        raise QueryError(f"{unexpected[0].upper()} is not allowed on a table.")


def _depth(tree: exp.Query) -> int:
    deepest, level = 0, list(tree.iter_expressions())
    while level:
        deepest += 1
        level = [child for node in level for child in node.iter_expressions()]
    return deepest


def _tables() -> str:
    return f"tables: {', '.join(VISIBLE_TABLES)}"


def _confine(tree: exp.Query, project_id: int) -> None:
    """Put the project's subquery in the place of every table."""
    common_names = {cte.alias for cte in tree.find_all(exp.CTE)}
    for name in common_names & RESERVED_TABLES:
        raise QueryError(f"`{name}` is the name of a table; choose another for the WITH.")
    for table in list(tree.find_all(exp.Table)):
        name = table.name
        if name in common_names:
            continue
        visible = VISIBLE_TABLES.get(name)
        if visible is None:
            raise QueryError(f"There is no table `{name}`; {_tables()}.")
        confined = sqlglot.parse_one(confined_subquery(visible, project_id), dialect=DIALECT)
        alias = table.alias or name
        joins = table.args.get("joins")
        subquery = exp.Subquery(
            this=confined, alias=exp.TableAlias(this=exp.to_identifier(alias, quoted=True))
        )
        if joins:
            subquery.set("joins", joins)
        target = table.parent if isinstance(table.parent, exp.Final) else table
        target.replace(subquery)


def _limit(tree: exp.Query, rows_max: int) -> tuple[int, int]:
    limit = _whole_number(tree, "limit", LIMIT_DEFAULT)
    offset = _whole_number(tree, "offset", 0)
    limit = min(limit, rows_max)
    tree.limit(limit + 1, copy=False)
    return limit, offset


def _whole_number(tree: exp.Query, part: str, default: int) -> int:
    clause = tree.args.get(part)
    if clause is None:
        return default
    value = clause.args.get("expression")
    if not isinstance(value, exp.Literal) or not value.this.isdigit():
        raise QueryError(f"{part.upper()} must be a whole number.")
    return int(value.this)


def check_functions(printed: str) -> None:
    for name in called_names(printed):
        lowered = name.lower()
        if lowered not in ALLOWED_FUNCTIONS and lowered not in KEYWORDS and name not in _OWN_NAMES:
            raise QueryError(f"There is no function `{name}` in queries.")


# Type names in a CAST, and names of ours that stand before a subquery's parenthesis.
_OWN_NAMES: Final = frozenset(
    (
        *("Nullable", "DateTime64", "DateTime", "Decimal", "FixedString", "Array", "Tuple"),
        *("LowCardinality", "Map", "Enum8"),
    )
)
