"""Changing, splitting and deleting a person (read-api §3.4).

What is asked for is a record in the log: it is carried out where the log says, again in a replay.
The answer waits until that is done, for a few seconds at most.
"""

import asyncio
import uuid
from typing import Any, Final

from litestar import Response, delete, patch, post

from hedgerow.api.auth import authorized_project
from hedgerow.api.body import json_object
from hedgerow.api.data_routes import both
from hedgerow.api.errors import ApiError
from hedgerow.api.pages import AnyRequest
from hedgerow.api.presenters import person_object
from hedgerow.api.services import Services
from hedgerow.core import json
from hedgerow.core.errors import LogUnavailableError
from hedgerow.core.limits import PERSON_PROPERTIES_BYTES_MAX
from hedgerow.directory.persons import PersonDetails, person_by_id
from hedgerow.directory.projects import Project
from hedgerow.wire.control import ChangePerson, DeletePerson, PersonRecord, SplitPerson

_WAIT_SECONDS_MAX: Final = 5.0
_POLL_SECONDS: Final = 0.02
# Within what a record in the log may have.
_CHANGE_BYTES_MAX: Final = 32 * 1024


@post(both("persons/{person_id:str}/split"), summary="Give each distinct id its own person")
async def split_person(
    request: AnyRequest, services: Services, project_id: str, person_id: str
) -> Response[dict[str, Any]]:
    """`{"main_distinct_id": "…"}` names the id that keeps the properties; by default the first."""
    project = await authorized_project(request, services, project_id)
    main = (await json_object(request)).get("main_distinct_id")
    found = _person(services, project.id, person_id)
    if main is not None and main not in found.distinct_ids:
        raise ApiError(400, "The person has no such distinct id.", attribute="main_distinct_id")
    record = SplitPerson(services.clock.now_us(), project.id, _text(found), main)
    done = await _carry_out(services, record)
    return Response({"success": True}, status_code=201 if done else 202)


@delete(
    both("persons/{person_id:str}"),
    summary="Delete a person, with `delete_events=true` its events too",
    status_code=202,
)
async def delete_person(
    request: AnyRequest,
    services: Services,
    project_id: str,
    person_id: str,
    delete_events: bool = False,
) -> Response[None]:
    """204 when it is done, 202 when it will be."""
    project = await authorized_project(request, services, project_id)
    found = _person(services, project.id, person_id)
    record = DeletePerson(services.clock.now_us(), project.id, _text(found), delete_events)
    done = await _carry_out(services, record)
    return Response(None, status_code=204 if done else 202)


@patch(both("persons/{person_id:str}"), summary="Set properties of a person", status_code=200)
async def change_person(
    request: AnyRequest, services: Services, project_id: str, person_id: str
) -> Response[dict[str, Any]]:
    """`{"properties": {…}}`: those named are set, the others stay."""
    project = await authorized_project(request, services, project_id)
    properties = (await json_object(request)).get("properties")
    if not isinstance(properties, dict):
        raise ApiError(400, "properties must be an object.", attribute="properties")
    return await _changed(services, project, person_id, set_=properties)


@post(
    both("persons/{person_id:str}/update_property"),
    summary="Set a property of a person",
    status_code=200,
)
async def update_property(
    request: AnyRequest, services: Services, project_id: str, person_id: str
) -> Response[dict[str, Any]]:
    """`{"key": "plan", "value": "pro"}`."""
    project = await authorized_project(request, services, project_id)
    body = await json_object(request)
    if "value" not in body:
        raise ApiError(400, "Send the value.", code="required", attribute="value")
    set_ = {_name(body.get("key"), "key"): body["value"]}
    return await _changed(services, project, person_id, set_=set_)


@post(
    both("persons/{person_id:str}/delete_property"),
    summary="Remove a property of a person",
    status_code=200,
)
async def delete_property(
    request: AnyRequest, services: Services, project_id: str, person_id: str
) -> Response[dict[str, Any]]:
    """`{"$unset": "plan"}`."""
    project = await authorized_project(request, services, project_id)
    name = _name((await json_object(request)).get("$unset"), "$unset")
    return await _changed(services, project, person_id, unset=[name])


def _name(value: Any, attribute: str) -> str:
    if not isinstance(value, str) or not value:
        raise ApiError(400, "Name the property.", attribute=attribute)
    return value


async def _changed(
    services: Services,
    project: Project,
    person_id: str,
    *,
    set_: dict[str, Any] | None = None,
    unset: list[str] | None = None,
) -> Response[dict[str, Any]]:
    """The person as it is now; 202 where it will be changed. Raises `ApiError`."""
    found = _person(services, project.id, person_id)
    size_bytes = len(json.encode({**found.person.properties, **(set_ or {})}))
    if len(json.encode(set_)) > _CHANGE_BYTES_MAX or size_bytes > PERSON_PROPERTIES_BYTES_MAX:
        raise ApiError(400, "The properties are too large.", attribute="properties")
    now_us = services.clock.now_us()
    record = ChangePerson(now_us, project.id, _text(found), set_ or {}, unset or [])
    done = await _carry_out(services, record)
    shown = person_object(_person(services, project.id, person_id))
    return Response(shown, status_code=200 if done else 202)


def _person(services: Services, project_id: int, person_id: str) -> PersonDetails:
    try:
        key = uuid.UUID(person_id).bytes
    except ValueError:
        raise ApiError(404, "There is no such person.") from None
    found = person_by_id(services.directory, project_id, key)
    if found is None:
        raise ApiError(404, "There is no such person.")
    return found


def _text(found: PersonDetails) -> str:
    return str(uuid.UUID(bytes=found.person.id))


async def _carry_out(services: Services, record: PersonRecord) -> bool:
    """Whether it is done; it is durable in any case."""
    try:
        position = await asyncio.to_thread(services.control_log.append, record)
    except LogUnavailableError:
        raise ApiError(
            503, "The log cannot be written now; try again soon.", code="unavailable"
        ) from None
    waited_seconds = 0.0
    while services.ingest_status().position <= position:
        if waited_seconds >= _WAIT_SECONDS_MAX:
            return False
        await asyncio.sleep(_POLL_SECONDS)
        waited_seconds += _POLL_SECONDS
    return True
