"""Splitting and deleting a person (read-api §3.4).

What is asked for is a record in the log: it is carried out where the log says, again in a replay.
The answer waits until that is done, for a few seconds at most.
"""

import asyncio
import uuid
from typing import Any, Final

from litestar import Response, delete, post

from hedgerow.api.auth import authorized_project
from hedgerow.api.body import json_object
from hedgerow.api.data_routes import both
from hedgerow.api.errors import ApiError
from hedgerow.api.pages import AnyRequest
from hedgerow.api.services import Services
from hedgerow.core.errors import LogUnavailableError
from hedgerow.directory.persons import PersonDetails, person_by_id
from hedgerow.wire.control import DeletePerson, SplitPerson

_WAIT_SECONDS_MAX: Final = 5.0
_POLL_SECONDS: Final = 0.02


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


async def _carry_out(services: Services, record: SplitPerson | DeletePerson) -> bool:
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
