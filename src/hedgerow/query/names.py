"""Names in a user's query → the store's columns, properties and relations."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from sqlglot import exp

from hedgerow.core.errors import QueryError
from hedgerow.query.fields import Field, field_of
from hedgerow.query.functions import NUMERIC_FUNCTIONS, TEXT_FUNCTIONS
from hedgerow.query.paths import outermost_paths, path_of
from hedgerow.query.properties import (
    typed_property,
)
from hedgerow.query.suggestions import did_you_mean
from hedgerow.query.tables import VISIBLE_TABLES, VisibleTable
from hedgerow.store.promoted import NOTHING_PROMOTED, PromotedProperties

_ARITHMETIC: Final = (exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Mod, exp.Neg, exp.IntDiv)
_COMPARISONS: Final = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Between, exp.In)
_TEXT_OPERATORS: Final = (exp.Like, exp.ILike, exp.RegexpLike, exp.DPipe)


class PropertyTypes(Protocol):
    def property_type(self, scope: str, name: str) -> str | None:
        """Numeric, Boolean, DateTime or String; None where it is not known.

        `scope` is event, person or group_0 to group_4, as definitions have it.
        """
        ...


class NoTypes:
    """Every property is text."""

    def property_type(self, scope: str, name: str) -> str | None:
        del scope, name
        return None


def output_names(tree: exp.Query) -> list[str] | None:
    """The columns' names as the user wrote them; None where a `*` hides how many there are."""
    select = tree.selects
    if any(item.is_star for item in select):
        return None
    return [_output_name(item) for item in select]


def _output_name(item: Any) -> str:
    if item.alias:
        return str(item.alias)
    path = path_of(item)
    return ".".join(path) if path else str(item.sql(dialect="clickhouse")).replace('"', "")


@dataclass(frozen=True, slots=True)
class _Source:
    """One item of a FROM; `table` is None for a subquery or the name of a WITH."""

    alias: str
    table: VisibleTable | None


class NameResolver:
    """Rewrites every path of names in place: in `fields.py` is what the paths mean.

    A path may stand behind an alias of its table and may be written with dots or brackets. `*`
    means the documented columns.
    """

    def __init__(
        self,
        tree: exp.Query,
        types: PropertyTypes,
        promoted: PromotedProperties = NOTHING_PROMOTED,
    ) -> None:
        self._tree = tree
        self._types = types
        self._promoted = promoted
        # Scope and name of each property that the query reads.
        self.properties: list[tuple[str, str]] = []
        self._common_names = {cte.alias for cte in tree.find_all(exp.CTE)}

    def resolve(self) -> None:
        selects = list(self._tree.find_all(exp.Select))
        for select in selects:
            _expand_stars(select, self._sources(select))
        for select in reversed(selects):
            sources = self._sources(select)
            outer = self._outer_sources(select)
            aliases = {item.alias for item in select.expressions if isinstance(item, exp.Alias)}
            for node in outermost_paths(select):
                if not _is_alias(node, aliases, select):
                    self._rewrite(node, sources, outer)

    def _sources(self, select: exp.Select) -> list[_Source]:
        """In the order of FROM and JOIN."""
        found: list[_Source] = []
        nodes = [select.args.get("from_"), *(select.args.get("joins") or [])]
        for node in nodes:
            if node is not None:
                found += self._named(node.this)
        return found

    def _named(self, source: exp.Expression) -> list[_Source]:
        if isinstance(source, exp.Final):
            source = source.this
        if isinstance(source, exp.Table):
            shadowed = source.name in self._common_names
            table = None if shadowed else VISIBLE_TABLES.get(source.name)
            found = [_Source(source.alias or source.name, table)]
        elif isinstance(source, exp.Subquery):
            found = [_Source(source.alias, None)]
        else:
            return []
        for join in source.args.get("joins") or []:
            found += self._named(join.this)
        return found

    def _outer_sources(self, select: exp.Select) -> dict[str, _Source]:
        """What the selects around it read, for a subquery that names an alias of theirs."""
        found: dict[str, _Source] = {}
        around = select.find_ancestor(exp.Select)
        while around is not None:
            for source in self._sources(around):
                found.setdefault(source.alias, source)
            around = around.find_ancestor(exp.Select)
        return found

    def _rewrite(
        self, node: exp.Expression, sources: list[_Source], outer: Mapping[str, _Source]
    ) -> None:
        path = path_of(node)
        assert path is not None
        found = _located(path, sources, outer)
        if found is None:
            return
        alias, field = found
        if field.property_path is None:
            node.replace(exp.column(field.column, alias, quoted=True))
            return
        self.properties.append((field.column, field.property_path[0]))
        node.replace(
            typed_property(
                field.column,
                list(field.property_path),
                self._type(node, field),
                alias,
                promoted=self._promoted,
            )
        )

    def _type(self, node: exp.Expression, field: Field) -> str:
        """As its definition says; text where text is asked for; else a number where one is."""
        parent = node.parent
        if isinstance(parent, _TEXT_OPERATORS) or _is_call_of(parent, TEXT_FUNCTIONS):
            return "String"
        assert field.property_path is not None
        known = None
        if field.definition_scope is not None and len(field.property_path) == 1:
            known = self._types.property_type(field.definition_scope, field.property_path[0])
        if known is not None and known != "String":
            return known
        return "Numeric" if _asks_for_number(node) else "String"


def _located(
    path: list[str], sources: list[_Source], outer: Mapping[str, _Source]
) -> tuple[str | None, Field] | None:
    """The alias and the field that a path means; None for a plain name the engine resolves."""
    own = {source.alias: source for source in sources}
    if len(path) > 1 and path[0] in own:
        return _in_source(own[path[0]], path[1:])
    candidates = [
        (source.alias, field)
        for source in sources
        if (field := _field_or_none(source, path)) is not None
    ]
    columns = [item for item in candidates if item[1].property_path is None]
    if len(columns) == 1:
        # On `events` every $name could be a property; a column is meant first.
        candidates = columns
    if len(candidates) > 1:
        shown = " or ".join(f"`{alias}.{'.'.join(path)}`" for alias, _ in candidates)
        raise QueryError(f"`{'.'.join(path)}` could mean several things: write {shown}.")
    if candidates:
        alias, field = candidates[0]
        return (alias if len(sources) > 1 else None), field
    if len(path) > 1 and path[0] in outer:
        return _in_source(outer[path[0]], path[1:])
    if len(path) > 1 and any(source.table is not None for source in sources):
        _refuse_unknown(path, sources)
    return None


def _is_alias(node: exp.Expression, aliases: Collection[str], select: exp.Select) -> bool:
    """Whether a plain name stands for a column of this select's own answer, as in GROUP BY."""
    path = path_of(node)
    if path is None or len(path) > 1 or path[0] not in aliases:
        return False
    around: exp.Expr | None = node
    while around is not None and around.parent is not select:
        around = around.parent
    return around is not None and around.arg_key != "expressions"


def _field_or_none(source: _Source, path: list[str]) -> Field | None:
    if len(path) == 1 and not path[0].startswith("$"):
        return None
    if source.table is None:
        return Field("properties", tuple(path[1:])) if path[0] == "properties" else None
    return field_of(source.table, path)


def _in_source(source: _Source, path: list[str]) -> tuple[str, Field] | None:
    if source.table is None:
        if path[0] == "properties" and len(path) > 1:
            return source.alias, Field("properties", tuple(path[1:]))
        return None
    field = field_of(source.table, path)
    if field is None:
        _refuse_unknown(path, [source])
    assert field is not None
    return source.alias, field


def _refuse_unknown(path: list[str], sources: list[_Source]) -> None:
    tables = [source.table for source in sources if source.table is not None]
    names = [name for table in tables for name in table.columns]
    if any(table.name == "events" for table in tables):
        names += ["person", "current_person", "session", *(f"group_{n}" for n in range(5))]
    hint = did_you_mean(path[0], names)
    raise QueryError(
        f"There is no column `{'.'.join(path)}`{hint} Properties are read as properties.NAME."
    )


def _expand_stars(select: exp.Select, sources: list[_Source]) -> None:
    expanded: list[exp.Expression] = []
    for item in select.expressions:
        star = item.this if isinstance(item, exp.Column) else item
        if not isinstance(star, exp.Star):
            expanded.append(item)
            continue
        if star.args.get("replace") or star.args.get("rename"):
            raise QueryError("After * only EXCEPT can stand.")
        left_out = {column.name for column in star.args.get("except_") or []}
        wanted = item.table if isinstance(item, exp.Column) else ""
        for source in sources:
            if not wanted or source.alias == wanted:
                expanded += _all_columns(source, left_out)
    if expanded:
        select.set("expressions", expanded)


def _all_columns(source: _Source, left_out: Collection[str]) -> list[exp.Expression]:
    if source.table is None:
        if left_out:
            raise QueryError("* EXCEPT can only stand for a table's columns.")
        alias = exp.to_identifier(source.alias or None, quoted=True)
        return [exp.Column(this=exp.Star(), table=alias)]
    return [
        exp.column(name, source.alias, quoted=True)
        for name in source.table.columns
        if name not in left_out
    ]


def _asks_for_number(node: exp.Expression) -> bool:
    parent = node.parent
    if isinstance(parent, _COMPARISONS):
        return any(
            isinstance(other, exp.Literal | exp.Neg) and not getattr(other, "is_string", False)
            for other in parent.iter_expressions()
            if other is not node
        )
    return isinstance(parent, _ARITHMETIC) or _is_call_of(parent, NUMERIC_FUNCTIONS)


def _is_call_of(node: exp.Expr | None, names: frozenset[str]) -> bool:
    if not isinstance(node, exp.Func):
        return False
    name = node.name if isinstance(node, exp.Anonymous) else node.sql_name()
    return str(name).lower() in names
