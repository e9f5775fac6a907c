"""The third wall: every table becomes a subquery of one project's rows."""

from collections import defaultdict
from typing import Final

from sqlglot import exp

from hedgerow.core.errors import QueryError
from hedgerow.query.checks import tables_there_are
from hedgerow.query.properties import events_table
from hedgerow.query.relations import Confinement
from hedgerow.query.session_bounds import session_conditions
from hedgerow.query.suggestions import did_you_mean
from hedgerow.query.tables import RESERVED_TABLES, VISIBLE_TABLES
from hedgerow.store.promoted import PromotedProperties

_UNQUALIFIED: Final = ""


def confine(tree: exp.Query, project_id: int, promoted: PromotedProperties) -> None:
    """Put the project's subquery in the place of every table. Raises `QueryError`."""
    common_names = {cte.alias for cte in tree.find_all(exp.CTE)}
    for name in common_names & RESERVED_TABLES:
        raise QueryError(f"`{name}` is the name of a table; choose another for the WITH.")
    names = _names_by_alias(tree)
    events = events_table(promoted)
    for table in list(tree.find_all(exp.Table)):
        name = table.name
        if name in common_names:
            continue
        visible = VISIBLE_TABLES.get(name)
        if visible is None:
            hint = did_you_mean(name, VISIBLE_TABLES)
            raise QueryError(f"There is no table `{name}`{hint} There are {tables_there_are()}.")
        alias = table.alias or name
        confinement = Confinement(project_id, events, session_conditions(table))
        text = confinement.subquery(visible, names[alias] | names[_UNQUALIFIED])
        _replace(table, text, alias)


def _names_by_alias(tree: exp.Query) -> defaultdict[str, set[str]]:
    """Which columns are named anywhere, by the alias in front of them."""
    names: defaultdict[str, set[str]] = defaultdict(set)
    for column in tree.find_all(exp.Column):
        names[column.table].add(column.name)
    for join in tree.find_all(exp.Join):
        names[_UNQUALIFIED] |= {item.name for item in join.args.get("using") or []}
    return names


def _replace(table: exp.Table, text: str, alias: str) -> None:
    """`text` is printed as it is: it is made of fixed words and numbers alone."""
    joins = table.args.get("joins")
    subquery = exp.Subquery(
        this=exp.Var(this=text),
        alias=exp.TableAlias(this=exp.to_identifier(alias, quoted=True)),
    )
    if joins:
        subquery.set("joins", joins)
    target = table.parent if isinstance(table.parent, exp.Final) else table
    target.replace(subquery)
