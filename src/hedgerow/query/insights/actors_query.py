"""ActorsQuery: the persons (or groups) behind a point of an insight, or all persons."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from hedgerow.core import json, limits
from hedgerow.core.errors import QueryError
from hedgerow.query.fragments import Join, Select, Sql, any_of, call, number, printed, text
from hedgerow.query.insights.context import InsightContext
from hedgerow.query.insights.events_query import display_name
from hedgerow.query.insights.nodes import ActorsPoint
from hedgerow.query.insights.paging import order_of, page_of
from hedgerow.query.insights.person_filters import person_conditions
from hedgerow.query.insights.plan import Answer, InsightKind, Plan, Rows
from hedgerow.query.insights.read_node import read_node, unwrapped
from hedgerow.query.insights.sql_filters import sql_filters
from hedgerow.query.insights.table_nodes import ActorsNode
from hedgerow.query.properties import property_expression
from hedgerow.query.sql import QueryOptions, prepare
from hedgerow.query.tables import (
    GROUPS,
    PERSON_DISTINCT_IDS,
    PERSONS,
    VisibleTable,
    confined_subquery,
)

_POINT_KINDS: Final = (
    *("InsightActorsQuery", "FunnelsActorsQuery", "StickinessActorsQuery"),
    "FunnelCorrelationActorsQuery",
)
_PROPERTIES: Final = "properties."
_SEARCHED: Final = ("email", "name", "username")


@dataclass(frozen=True, slots=True)
class _Actors:
    """`select` has `actor_id` and perhaps `event_count`. Groups have the index of their type."""

    select: Select
    group_type_index: int | None = None

    @property
    def has_count(self) -> bool:
        return "event_count" in self.select.columns


def actors_planner(
    kinds: Mapping[str, InsightKind[Any]],
) -> Callable[[ActorsNode, InsightContext], Plan]:
    """Plans ActorsQuery over the insights of `kinds`."""

    def plan(node: ActorsNode, context: InsightContext) -> Plan:
        return _planned(node, _actors(node, context, kinds), context)

    return plan


def _actors(
    node: ActorsNode, context: InsightContext, kinds: Mapping[str, InsightKind[Any]]
) -> _Actors:
    path = "query.source"
    if node.source is None:
        table = Sql(f"({confined_subquery(PERSONS, context.project_id)})")
        return _Actors(Select(columns={"actor_id": Sql("id")}, source=table))
    kind = node.source.get("kind")
    if kind == "HogQLQuery":
        return _Actors(_of_sql(node.source, context))
    if kind not in _POINT_KINDS:
        raise QueryError(
            f"The source must be one of {', '.join((*_POINT_KINDS, 'HogQLQuery'))}.",
            attribute=f"{path}.kind",
        )
    point = read_node(node.source, ActorsPoint, path)
    insight = unwrapped(node.source.get("source"))
    found = kinds.get(str(insight.get("kind")))
    if found is None or found.actors is None:
        raise QueryError(
            f"{str(insight.get('kind'))[:100]!r} has no list of actors.",
            attribute=f"{path}.source.kind",
        )
    read = read_node(insight, found.node, f"{path}.source")
    return _Actors(found.actors(read, point, context), actor_group_type(read, point))


def actor_group_type(node: Any, point: ActorsPoint) -> int | None:
    """The type of the groups that are the actors; None where persons are."""
    series = getattr(node, "series", None) or ()
    index = point.series or 0
    if index < len(series) and series[index].math == "unique_group":
        found: int | None = series[index].math_group_type_index
        return found
    aggregation: int | None = getattr(node, "aggregation_group_type_index", None)
    return aggregation


def _of_sql(source: dict[str, Any], context: InsightContext) -> Select:
    """The first column of a user's query names the persons."""
    written = source.get("query")
    if not isinstance(written, str):
        raise QueryError("The query's text is missing.", attribute="query.source.query")
    values = source.get("values") or {}
    if not isinstance(values, dict):
        raise QueryError("values must be an object.", attribute="query.source.values")
    filters = sql_filters(source.get("filters"), context, "query.source.filters")
    options = QueryOptions(
        values=values,
        date_range_us=filters.date_range_us,
        event_condition=filters.condition,
        promoted=context.promoted,
        # Every person that the query names, not a page of them.
        limit_default=limits.QUERY_ROWS_MAX,
    )
    prepared = prepare(written, project_id=context.project_id, options=options)
    names = prepared.columns
    if not names:
        raise QueryError("Name the columns of the query.", attribute="query.source.query")
    first = Sql("tupleElement(tuple(*), 1)")
    return Select(
        columns={"actor_id": call("toUUIDOrZero", call("toString", first))},
        source=Sql(f"({prepared.sql})"),
        distinct=True,
    )


def _planned(node: ActorsNode, actors: _Actors, context: InsightContext) -> Plan:
    page = page_of(node.limit, node.offset)
    names = node.select or ["actor"]
    columns = {
        f"column_{n}": _column(name, actors, f"query.select.{n}") for n, name in enumerate(names)
    }

    def assemble(answers: Sequence[Rows]) -> Answer:
        (found,) = answers
        shown = [
            [_shown(name, value, actors) for name, value in zip(names, row[:-1], strict=True)]
            for row in found[: page.limit]
        ]
        missing = sum(not row[-1] for row in found[: page.limit])
        return Answer(shown, page.fields(found) | {"missing_actors_count": missing})

    select = Select(
        columns={**columns, "has_profile": Sql("has_profile")},
        source=_with_profiles(actors, context),
        where=tuple(_conditions(node, context)),
        order_by=tuple(_order(node, actors)),
        limit=page.limit + 1,
        offset=page.offset,
    )
    return Plan(statements=(select,), assemble=assemble, columns=tuple(names))


def _with_profiles(actors: _Actors, context: InsightContext) -> Select:
    """The actors with what is known of them now; one without a profile stays."""
    joins = [_profile_join(actors, context)]
    columns = {
        "actor_id": Sql("actors.actor_id"),
        "event_count": Sql("actors.event_count") if actors.has_count else Sql("NULL"),
        "has_profile": Sql("profiles.has_profile = 1"),
        "properties": Sql("if(profiles.has_profile = 1, profiles.properties, '{}')"),
        "created_at": Sql("if(profiles.has_profile = 1, profiles.created_at, NULL)"),
        "is_identified": Sql("0"),
        "distinct_ids": Sql("[]::Array(String)"),
    }
    if actors.group_type_index is None and not context.actors_by_distinct_id:
        columns["is_identified"] = Sql("profiles.is_identified = 1")
        columns["distinct_ids"] = Sql("arraySort(ids.distinct_ids)")
        joins.append(_distinct_ids_join(context))
    return Select(columns=columns, source=actors.select, alias="actors", joins=tuple(joins))


def _profile_join(actors: _Actors, context: InsightContext) -> Join:
    is_group = actors.group_type_index is not None
    table: VisibleTable = GROUPS if is_group else PERSONS
    key = Sql("group_key") if is_group else Sql("id")
    columns = {
        "profile_key": call("toString", key),
        "has_profile": Sql("1"),
        "properties": Sql("properties"),
        "created_at": Sql("created_at"),
    }
    where: tuple[Sql, ...] = ()
    if actors.group_type_index is None:
        columns["is_identified"] = Sql("is_identified")
    else:
        where = (Sql(f"group_type_index = {number(actors.group_type_index)}"),)
    source = Sql(f"({confined_subquery(table, context.project_id)})")
    return Join(
        "LEFT ANY",
        Select(columns=columns, source=source, where=where),
        "profiles",
        Sql("toString(actors.actor_id) = profiles.profile_key"),
    )


def _distinct_ids_join(context: InsightContext) -> Join:
    return Join(
        "LEFT ANY",
        Select(
            columns={"person_id": Sql("person_id"), "distinct_ids": Sql("groupArray(distinct_id)")},
            source=Sql(f"({confined_subquery(PERSON_DISTINCT_IDS, context.project_id)})"),
            group_by=(Sql("person_id"),),
        ),
        "ids",
        Sql("actors.actor_id = ids.person_id"),
    )


def _column(name: str, actors: _Actors, path: str) -> Sql:
    match name:
        case "actor" | "person" | "group" | "person_display_name":
            return Sql("tuple(actor_id, properties, created_at, is_identified, distinct_ids)")
        case "id" | "actor_id":
            return Sql("actor_id")
        case "created_at" | "is_identified" | "properties":
            return Sql(name)
        case "event_distinct_ids" | "distinct_ids":
            return Sql("distinct_ids")
        case "event_count" if actors.has_count:
            return Sql("event_count")
        case "matched_recordings":
            return Sql("[]::Array(String)")
    if name.startswith(_PROPERTIES):
        return _property(name.removeprefix(_PROPERTIES))
    raise QueryError(
        f"Actors have no column {name[:50]!r}; there are actor, id, created_at, is_identified, "
        "distinct_ids, properties, properties.NAME"
        + (" and event_count." if actors.has_count else "."),
        attribute=path,
    )


def _property(name: str) -> Sql:
    return printed(property_expression("person", [name]))


def _order(node: ActorsNode, actors: _Actors) -> list[Sql]:
    """The busiest first; the id decides between equals."""

    def expression(written: str, path: str) -> Sql:
        return _column(written, actors, path)

    if node.order_by:
        order = order_of(node.order_by, expression)
    else:
        order = [Sql("event_count DESC")] if actors.has_count else []
    return [*order, Sql("actor_id")]


def _conditions(node: ActorsNode, context: InsightContext) -> list[Sql]:
    found = [
        *person_conditions(node.properties, context, "query.properties", id_column="actor_id"),
        *person_conditions(
            node.fixed_properties, context, "query.fixedProperties", id_column="actor_id"
        ),
    ]
    if node.search:
        places = [
            *(_property(name) for name in _SEARCHED),
            Sql("toString(actor_id)"),
            Sql("arrayStringConcat(distinct_ids, ' ')"),
        ]
        wanted = text(node.search)
        found.append(
            any_of(
                Sql(f"positionCaseInsensitiveUTF8(ifNull({place}, ''), {wanted}) > 0")
                for place in places
            )
        )
    return found


def _shown(name: str, value: Any, actors: _Actors) -> Any:
    match name:
        case "actor" | "person" | "group":
            return _shown_actor(value, actors)
        case "person_display_name":
            actor = _shown_actor(value, actors)
            shown = display_name(actor["properties"]) or (actor["distinct_ids"] or [actor["id"]])[0]
            return {"id": actor["id"], "display_name": shown}
        case "properties":
            return json.decode(value)
    return value


def _shown_actor(value: Sequence[Any], actors: _Actors) -> dict[str, Any]:
    actor_id, properties, created_at, is_identified, distinct_ids = value
    shown = {"id": actor_id, "properties": json.decode(properties), "created_at": created_at}
    if actors.group_type_index is not None:
        return shown | {
            "type": "group",
            "group_key": actor_id,
            "group_type_index": actors.group_type_index,
            "distinct_ids": [],
        }
    return shown | {
        "type": "person",
        "uuid": actor_id,
        "is_identified": bool(is_identified),
        "distinct_ids": distinct_ids,
    }
