"""The query nodes whose answers are tables of events, sessions, persons and groups."""

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


class SessionsNode(Node, frozen=True, kw_only=True):
    """`after` and `before` bound the start. Of the events that are named, a session has one."""

    select: list[str]
    where: list[str] | None = None
    event: str | None = None
    action_id: int | None = field(default=None, name="actionId")
    event_properties: Filters = field(default=None, name="eventProperties")
    person_id: str | None = field(default=None, name="personId")
    after: str | None = None
    before: str | None = None
    properties: Filters = None
    fixed_properties: Filters = field(default=None, name="fixedProperties")
    filter_test_accounts: bool | None = field(default=None, name="filterTestAccounts")
    order_by: list[str] | None = field(default=None, name="orderBy")
    limit: int | None = None
    offset: int | None = None


class GroupsNode(Node, frozen=True, kw_only=True):
    """The groups of one type as they are now."""

    group_type_index: int
    select: list[str] | None = None
    search: str | None = None
    properties: Filters = None
    order_by: list[str] | None = field(default=None, name="orderBy")
    limit: int | None = None
    offset: int | None = None
