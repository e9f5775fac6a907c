"""The query nodes whose answers are tables: EventsQuery and ActorsQuery."""

from typing import Any

from msgspec import field

from hedgerow.query.insights.nodes import Filters, Node


class EventsNode(Node, frozen=True, kw_only=True):
    select: list[str]
    where: list[str] | None = None
    event: str | None = None
    events: list[str] | None = None
    action_id: int | None = field(default=None, name="actionId")
    person_id: str | None = field(default=None, name="personId")
    after: str | None = None
    before: str | None = None
    properties: Filters = None
    fixed_properties: Filters = field(default=None, name="fixedProperties")
    filter_test_accounts: bool | None = field(default=None, name="filterTestAccounts")
    order_by: list[str] | None = field(default=None, name="orderBy")
    limit: int | None = None
    offset: int | None = None


class ActorsNode(Node, frozen=True, kw_only=True):
    """`source` says whose; without it, all persons."""

    source: dict[str, Any] | None = None
    select: list[str] | None = None
    search: str | None = None
    properties: Filters = None
    fixed_properties: Filters = field(default=None, name="fixedProperties")
    order_by: list[str] | None = field(default=None, name="orderBy")
    limit: int | None = None
    offset: int | None = None
