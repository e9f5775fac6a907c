"""A user's SQL, made safe: parsed by us, checked node by node, confined, and printed by us.

The text that reaches the engine is never the user's (reliability §1.9). Three walls stand one
behind the other: only listed kinds of syntax, only listed functions (checked in the printed
text), and only subqueries of one project's rows in place of tables.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from hedgerow.core import limits
from hedgerow.core.errors import QueryError
from hedgerow.query.checks import DIALECT, check_functions, check_nodes
from hedgerow.query.confine import confine
from hedgerow.query.filters_placeholder import hold_filters, release_filters
from hedgerow.query.fragments import TRUE, Sql
from hedgerow.query.lexing import explained, quote_dollar_names
from hedgerow.query.names import NameResolver, NoTypes, PropertyTypes, output_names
from hedgerow.query.placeholders import PlaceholderValues, number_placeholders, put_values
from hedgerow.query.tables import VISIBLE_TABLES
from hedgerow.store.promoted import NOTHING_PROMOTED, PromotedProperties

LIMIT_DEFAULT: Final = 100


@dataclass(frozen=True, slots=True)
class PreparedQuery:
    """`sql` asks for one row more than `limit`, which tells whether there are more.

    `columns` are the names as the user wrote them; None where the engine's names are right.
    `known_names` are what an unknown column may have been meant to be, `properties` the scopes
    and names of the properties it reads.
    """

    sql: str
    limit: int
    offset: int
    columns: list[str] | None
    known_names: tuple[str, ...] = ()
    properties: tuple[tuple[str, str], ...] = ()
    explains: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryOptions:
    """What a query may refer to beside its text.

    `values` fill `{name}`, `variables` fill `{variables.name}`, and `date_range_us`, from and to
    in microseconds since 1970, bounds `{filters}`; `event_condition`, over the columns of confined
    events, belongs to it too. `explain` asks how the query would be run.
    `limit_default` is the number of rows where the query has no LIMIT.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    variables: Mapping[str, Any] = field(default_factory=dict)
    date_range_us: tuple[int | None, int | None] = (None, None)
    event_condition: Sql | None = None
    types: PropertyTypes = field(default_factory=NoTypes)
    promoted: PromotedProperties = NOTHING_PROMOTED
    explain: bool = False
    limit_default: int = LIMIT_DEFAULT


def prepare(
    sql: str,
    *,
    project_id: int,
    rows_max: int = limits.QUERY_ROWS_MAX,
    options: QueryOptions | None = None,
) -> PreparedQuery:
    """Raises `QueryError` that says what is wrong, in the user's terms."""
    options = options or QueryOptions()
    if len(sql) > limits.QUERY_TEXT_CHARS_MAX:
        raise QueryError(f"The query is longer than {limits.QUERY_TEXT_CHARS_MAX} characters.")
    asked_to_explain, sql = explained(sql)
    sql, names = number_placeholders(sql)
    tree = _parse(sql)
    check_nodes(tree)
    put_values(
        tree,
        names,
        PlaceholderValues(
            options.values,
            options.variables,
            options.date_range_us,
            has_condition=options.event_condition is not None,
        ),
    )
    columns = output_names(tree)
    resolver = NameResolver(tree, options.types, options.promoted)
    resolver.resolve()
    properties = tuple(dict.fromkeys(resolver.properties))
    tree = _in_one_select(tree)
    limit, offset = _limit(tree, rows_max, options.limit_default)
    # Before the tables are put in: what stands in their place is ours, and so are its functions.
    check_functions(tree.sql(dialect=DIALECT, comments=False))
    known_names = _known_names(tree)
    held = hold_filters(tree, options.event_condition or TRUE)
    confine(tree, project_id, options.promoted)
    release_filters(held)
    printed = tree.sql(dialect=DIALECT, comments=False)
    if options.explain or asked_to_explain:
        return PreparedQuery(
            f"EXPLAIN {printed}", rows_max, 0, ["explain"], known_names, explains=True
        )
    return PreparedQuery(printed, limit, offset, columns, known_names, properties)


def _parse(sql: str) -> exp.Query:
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
    if any(not select.expressions for select in tree.find_all(exp.Select)):
        raise QueryError("A SELECT names no columns.")
    return tree


def _parse_message(error: SqlglotError) -> str:
    details = getattr(error, "errors", None)
    if details:
        first = details[0]
        return f"{first['description']} (line {first['line']}, column {first['col']})"
    return str(error).splitlines()[0]


def _known_names(tree: exp.Query) -> tuple[str, ...]:
    used = {table.name for table in tree.find_all(exp.Table)}
    tables = [table for name, table in VISIBLE_TABLES.items() if name in used]
    return tuple(dict.fromkeys(name for table in tables for name in table.columns))


def _in_one_select(tree: exp.Query) -> exp.Query:
    """A UNION inside a SELECT: the engine would order and limit only its last part, where ORDER BY
    and LIMIT at the end mean the whole. So is a LIMIT BY, beside which ours could not stand.
    """
    limit = tree.args.get("limit")
    if limit is not None and limit.expressions:
        # LIMIT n BY is no limit of rows.
        return exp.select("*").from_(tree.subquery(), copy=False)
    if not isinstance(tree, exp.SetOperation):
        return tree
    around = exp.select("*")
    for holder in (tree, _last_part(tree)):
        for part in ("order", "limit", "offset"):
            clause = holder.args.get(part)
            if clause is not None:
                holder.set(part, None)
                around.set(part, clause)
    return around.from_(tree.subquery(), copy=False)


def _last_part(tree: exp.SetOperation) -> exp.Expr:
    last: exp.Expr = tree
    while isinstance(last, exp.SetOperation):
        last = last.expression
    return last


def _limit(tree: exp.Query, rows_max: int, default: int) -> tuple[int, int]:
    limit = _whole_number(tree, "limit", default)
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
