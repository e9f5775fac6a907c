"""A user's SQL expression inside an insight: checked like a query of theirs (see `sql.py`)."""

from collections.abc import Callable

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from hedgerow.core import limits
from hedgerow.core.errors import QueryError
from hedgerow.query.checks import DIALECT, check_functions, check_nodes
from hedgerow.query.fragments import Sql, printed
from hedgerow.query.lexing import quote_dollar_names
from hedgerow.query.names import NameResolver, NoTypes
from hedgerow.query.tables import EVENTS, VisibleTable
from hedgerow.store.promoted import NOTHING_PROMOTED, PromotedProperties


def checked_expression(
    written: str,
    attribute: str,
    person: Callable[[], Sql],
    promoted: PromotedProperties = NOTHING_PROMOTED,
) -> Sql:
    """The expression over a row of events. `person` gives the SQL that `person_id` stands for.

    Raises `QueryError` naming `attribute`.
    """
    try:
        return printed(_of_events(_parsed(written, EVENTS), person, promoted))
    except QueryError as error:
        raise QueryError(error.detail, error.code, attribute) from None


def checked_column(written: str, attribute: str, table: VisibleTable) -> Sql:
    """The expression over a row of another confined table. Raises `QueryError` as above."""
    try:
        return printed(_resolved(_parsed(written, table), NOTHING_PROMOTED))
    except QueryError as error:
        raise QueryError(error.detail, error.code, attribute) from None


def _parsed(written: str, table: VisibleTable) -> exp.Select:
    if len(written) > limits.QUERY_TEXT_CHARS_MAX:
        raise QueryError(f"The text is longer than {limits.QUERY_TEXT_CHARS_MAX} characters.")
    try:
        parsed = sqlglot.parse(quote_dollar_names(written), dialect=DIALECT)
    except SqlglotError as error:
        first = str(error).splitlines()[0]
        raise QueryError(f"The expression could not be parsed: {first}") from None
    except RecursionError:
        raise QueryError("The expression is nested too deeply.") from None
    if len(parsed) != 1 or parsed[0] is None:
        raise QueryError("Write exactly one expression.")
    (expression,) = parsed
    if isinstance(expression, exp.Alias):
        expression = expression.this
    if not isinstance(expression, exp.Condition) or isinstance(expression, exp.Star):
        raise QueryError("Write an expression, such as properties.amount > 10.")
    if expression.find(exp.Query, exp.Table):
        raise QueryError("A SELECT is not allowed in an expression.")
    return exp.select(expression).from_(table.name)


def _resolved(tree: exp.Select, promoted: PromotedProperties) -> exp.Expression:
    check_nodes(tree)
    NameResolver(tree, NoTypes(), promoted).resolve()
    (expression,) = tree.expressions
    check_functions(printed(expression))
    assert isinstance(expression, exp.Expression)
    return expression


def _of_events(
    tree: exp.Select, person: Callable[[], Sql], promoted: PromotedProperties
) -> exp.Expression:
    expression = _resolved(tree, promoted)
    columns = [
        column
        for column in expression.find_all(exp.Column)
        if column.name == "person_id" and column.table in ("", "events")
    ]
    for column in columns:
        column.replace(sqlglot.parse_one(person(), dialect=DIALECT))
    (resolved,) = tree.expressions
    assert isinstance(resolved, exp.Expression)
    return resolved
