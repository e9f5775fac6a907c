"""The events and properties seen so far, and what people say about them (read-api §3.4)."""

import asyncio
import base64
import binascii
from collections.abc import Sequence
from typing import Annotated, Any, Final

from litestar import Request, get, patch
from litestar.params import QueryParameter

from hedgerow.api.auth import authorized_project
from hedgerow.api.body import json_object
from hedgerow.api.data_routes import both
from hedgerow.api.errors import ApiError
from hedgerow.api.pages import Limit, Offset, page_object
from hedgerow.api.services import Services
from hedgerow.api.times import shown_time
from hedgerow.core import json
from hedgerow.directory.batch import EventDefinition, PropertyDefinition
from hedgerow.directory.definition_details import (
    EVENT_NAME_SCOPE,
    NO_DETAILS,
    DefinitionDetails,
    change_details,
    details_by_name,
)
from hedgerow.directory.definition_lists import (
    EventFilter,
    EventOrigin,
    Page,
    PropertyFilter,
    list_event_definitions,
    list_property_definitions,
    properties_seen_with,
)

SCOPES: Final = ("event", "person", "group", "session")
# Each type of groups has properties of its own.
GROUP_SCOPES: Final = tuple(f"group_{index}" for index in range(5))
_ORIGINS: Final[tuple[EventOrigin, ...]] = ("event", "event_custom", "event_posthog")
_ORDERS: Final = ("name", "last_seen_at")
# What the API shows but ingest alone decides; clients send whole objects back.
_READ_ONLY: Final = frozenset(
    [
        *("id", "name", "created_at", "last_seen_at", "property_type", "is_numerical", "scope"),
        *("is_seen_on_filtered_events", "personal_api_key"),
    ]
)

AnyRequest = Request[Any, Any, Any]
Answer = dict[str, Any]


def definition_id(name: str, scope: str) -> str:
    """A name may hold anything, so the id is it in letters that a path can hold."""
    text = f"{scope}:{name}".encode()
    return base64.urlsafe_b64encode(text).decode().rstrip("=")


def _named(definition: str) -> tuple[str, str]:
    """(scope, name) of an id. Raises `ApiError` 404."""
    padded = definition + "=" * (-len(definition) % 4)
    try:
        scope, _, name = base64.urlsafe_b64decode(padded).decode().partition(":")
    except (ValueError, binascii.Error):
        raise ApiError(404, "There is no such definition.") from None
    return scope, name


def _listed(value: str | None, attribute: str) -> list[str] | None:
    """A parameter that is a JSON list of names, or names with commas between."""
    if value is None:
        return None
    if not value.startswith("["):
        return value.split(",")
    try:
        names = json.decode(value.encode())
    except ValueError:
        names = None
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise ApiError(400, f"{attribute} must be a JSON list of names.", attribute=attribute)
    return names


def _one_of(value: str, allowed: tuple[str, ...], attribute: str) -> None:
    if value not in allowed:
        raise ApiError(
            400, f"{attribute} must be one of {', '.join(allowed)}.", attribute=attribute
        )


def _details_object(details: DefinitionDetails) -> Answer:
    return {
        "description": details.description,
        "tags": details.tags,
        "verified": details.verified,
        "hidden": details.hidden,
    }


def _event_object(item: EventDefinition, details: DefinitionDetails) -> Answer:
    return {
        "id": definition_id(item.name, EVENT_NAME_SCOPE),
        "name": item.name,
        "last_seen_at": shown_time(item.last_seen_at_us),
        **_details_object(details),
    }


def _property_object(item: PropertyDefinition, details: DefinitionDetails) -> Answer:
    return {
        "id": definition_id(item.name, item.scope),
        "name": item.name,
        "scope": item.scope,
        "property_type": item.property_type,
        "is_numerical": item.property_type == "Numeric",
        **_details_object(details),
    }


@get(both("event_definitions"), summary="The events seen so far")
async def event_definitions(
    request: AnyRequest,
    services: Services,
    project_id: str,
    search: str | None = None,
    event_type: str = "event",
    ordering: str = "name",
    limit: Limit = 100,
    offset: Offset = 0,
) -> Answer:
    """`event_type` is event, event_custom or event_posthog; `ordering` name or last_seen_at, with
    a `-` before it for descending.
    """
    project = await authorized_project(request, services, project_id)
    _one_of(event_type, _ORIGINS, "event_type")
    order = ordering.removeprefix("-")
    _one_of(order, _ORDERS, "ordering")
    wanted = EventFilter(
        search=search,
        origin=next(origin for origin in _ORIGINS if origin == event_type),
        by_last_seen=order == "last_seen_at",
    )

    def page() -> tuple[list[Answer], int]:
        found, count = list_event_definitions(
            services.directory,
            project.id,
            wanted,
            page=Page(limit=limit, offset=offset, descending=ordering.startswith("-")),
        )
        names = [item.name for item in found]
        details = details_by_name(services.directory, project.id, EVENT_NAME_SCOPE, names)
        shown = [_event_object(item, details.get(item.name, NO_DETAILS)) for item in found]
        return shown, count

    results, count = await asyncio.to_thread(page)
    return page_object(request, results, count, limit, offset)


@get(both("property_definitions"), summary="The properties seen so far")
async def property_definitions(
    request: AnyRequest,
    services: Services,
    project_id: str,
    search: str | None = None,
    property_scope: Annotated[str, QueryParameter(name="type")] = "event",
    properties: str | None = None,
    excluded_properties: str | None = None,
    is_numerical: bool | None = None,
    event_names: str | None = None,
    filter_by_event_names: bool = False,
    group_type_index: Annotated[int, QueryParameter(ge=0, le=4)] = 0,
    limit: Limit = 100,
    offset: Offset = 0,
) -> Answer:
    """With `event_names`, each result says whether one of them has had the property; with
    `filter_by_event_names` too, only those are listed. Each type of groups has its own properties.
    """
    project = await authorized_project(request, services, project_id)
    _one_of(property_scope, SCOPES, "type")
    if property_scope == "group":
        property_scope = GROUP_SCOPES[group_type_index]
    events = _listed(event_names, "event_names")
    wanted = PropertyFilter(
        scope=property_scope,
        search=search,
        names=_listed(properties, "properties"),
        excluded=_listed(excluded_properties, "excluded_properties") or (),
        is_numerical=is_numerical,
        seen_with_events=events if filter_by_event_names else None,
    )

    def page() -> tuple[list[Answer], int]:
        found, count = list_property_definitions(
            services.directory, project.id, wanted, page=Page(limit=limit, offset=offset)
        )
        names = [item.name for item in found]
        details = details_by_name(services.directory, project.id, property_scope, names)
        shown = [_property_object(item, details.get(item.name, NO_DETAILS)) for item in found]
        if events is not None:
            seen = properties_seen_with(services.directory, project.id, events, names)
            for item in shown:
                item["is_seen_on_filtered_events"] = item["name"] in seen
        return shown, count

    results, count = await asyncio.to_thread(page)
    return page_object(request, results, count, limit, offset)


async def _change_details(
    request: AnyRequest, services: Services, project_id: str, definition: str, scopes: Sequence[str]
) -> Answer:
    project = await authorized_project(request, services, project_id)
    scope, name = _named(definition)
    if scope not in scopes:
        raise ApiError(404, "There is no such definition.")
    sent = await json_object(request)
    changes = {field: value for field, value in sent.items() if field not in _READ_ONLY}
    details = await asyncio.to_thread(
        change_details, services.directory, project.id, scope, name, changes
    )
    return {"id": definition, "name": name, **_details_object(details)}


@patch(both("event_definitions/{definition:str}"), summary="Describe an event")
async def changed_event_definition(
    request: AnyRequest, services: Services, project_id: str, definition: str
) -> Answer:
    """Any of `description`, `tags`, `verified`, `hidden`."""
    return await _change_details(request, services, project_id, definition, (EVENT_NAME_SCOPE,))


@patch(both("property_definitions/{definition:str}"), summary="Describe a property")
async def changed_property_definition(
    request: AnyRequest, services: Services, project_id: str, definition: str
) -> Answer:
    """Any of `description`, `tags`, `verified`, `hidden`."""
    return await _change_details(
        request, services, project_id, definition, (*SCOPES, *GROUP_SCOPES)
    )
