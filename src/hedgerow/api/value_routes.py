"""What a property's values have been: suggestions for a filter (read-api §3.4)."""

import asyncio
from typing import Any, Final

from litestar import Request, get

from hedgerow.api.auth import authorized_project
from hedgerow.api.data_routes import both
from hedgerow.api.errors import ApiError
from hedgerow.api.services import Services
from hedgerow.query.values import event_names, event_property_values, person_property_values

AnyRequest = Request[Any, Any, Any]
_KEY_CHARS_MAX: Final = 400
# Asked for by this name, it is the event itself and no property.
_EVENT_KEY: Final = "event"


def _check_key(key: str) -> None:
    """Raises `ApiError` 400."""
    if not 0 < len(key) <= _KEY_CHARS_MAX:
        raise ApiError(400, "Name the property as key.", attribute="key")


def _objects(values: list[str]) -> list[dict[str, str]]:
    return [{"name": value} for value in values]


@get(both("events/values"), summary="Values of an event property, the most frequent first")
async def event_values(
    request: AnyRequest,
    services: Services,
    project_id: str,
    key: str = "",
    value: str | None = None,
    event_name: str | None = None,
) -> list[dict[str, str]]:
    """`value` is a part to look for. `key=event` gives the names of events."""
    project = await authorized_project(request, services, project_id)
    _check_key(key)
    runner, now_us = services.query_runner, services.clock.now_us()
    if key == _EVENT_KEY:
        found = await asyncio.to_thread(event_names, runner, project.id, part=value, now_us=now_us)
    else:
        found = await asyncio.to_thread(
            event_property_values,
            runner,
            project.id,
            key,
            event=event_name,
            part=value,
            now_us=now_us,
        )
    return _objects(found)


@get(both("persons/values"), summary="Values of a person property, the most frequent first")
async def person_values(
    request: AnyRequest,
    services: Services,
    project_id: str,
    key: str = "",
    value: str | None = None,
) -> list[dict[str, str]]:
    """`value` is a part to look for."""
    project = await authorized_project(request, services, project_id)
    _check_key(key)
    found = await asyncio.to_thread(
        person_property_values, services.query_runner, project.id, key, part=value
    )
    return _objects(found)
