"""Lists of what is stored: events, persons, definitions, warnings (read-api §3.4)."""

import asyncio
import base64
import uuid
from typing import Annotated, Any, Final

from litestar import get
from litestar.params import QueryParameter

from hedgerow.api.auth import authorized_project
from hedgerow.api.errors import ApiError
from hedgerow.api.insight_context import insight_context
from hedgerow.api.pages import AnyRequest, Limit, Offset, page_url
from hedgerow.api.person_lists import list_filtered
from hedgerow.api.presenters import event_object, person_object, warning_object
from hedgerow.api.sent_filters import ATTRIBUTE, sent_list
from hedgerow.api.services import Services
from hedgerow.api.times import asked_time
from hedgerow.directory.persons import (
    PersonCursor,
    list_persons,
    person_by_distinct_id,
    person_by_id,
)
from hedgerow.directory.warnings import list_warnings
from hedgerow.query.events import EventDetails, EventFilter, list_events
from hedgerow.query.insights.sql_filters import events_condition

# Enough for any time in microseconds, and never more than the database's integers.
_CURSOR_DIGITS_MAX = 18

_ORDERS: Final = ("timestamp", "event", "distinct_id", "created_at")


def both(path: str) -> list[str]:
    """The path under projects, and under their older name."""
    return [
        f"/api/projects/{{project_id:str}}/{path}",
        f"/api/environments/{{project_id:str}}/{path}",
    ]


@get(both("events"), summary="List the newest events")
async def events(
    request: AnyRequest,
    services: Services,
    project_id: str,
    event: str | None = None,
    distinct_id: str | None = None,
    person_id: str | None = None,
    properties: str | None = None,
    after: str | None = None,
    before: str | None = None,
    order_by: Annotated[str | None, QueryParameter(name="orderBy")] = None,
    limit: Limit = 100,
    offset: Offset = 0,
) -> dict[str, Any]:
    """`properties` are filters and `orderBy` names of columns, both as JSON lists."""
    project = await authorized_project(request, services, project_id)
    wanted = EventFilter(
        event=event,
        distinct_id=distinct_id,
        person_id=person_id,
        after=asked_time(after, "after"),
        before=asked_time(before, "before"),
    )
    filters = sent_list(properties)
    order = _order(sent_list(order_by, "orderBy"))

    def page() -> list[EventDetails]:
        context = insight_context(services, project, {})
        matching = events_condition(filters, context, ATTRIBUTE)
        return list_events(
            services.query_runner,
            project.id,
            wanted,
            condition=matching,
            order_by=order,
            limit=limit,
            offset=offset,
        )

    found = await asyncio.to_thread(page)
    more = len(found) == limit
    return {
        "next": page_url(request, limit=limit, offset=offset + limit) if more else None,
        "results": [event_object(item) for item in found],
    }


def _order(names: list[Any]) -> str:
    """The newest first where nothing is asked. Raises `ApiError` 400."""
    parts = []
    for name in names:
        column = str(name).removeprefix("-")
        if column not in _ORDERS:
            raise ApiError(
                400,
                f"orderBy takes {', '.join(_ORDERS)}, with a - before them for descending.",
                attribute="orderBy",
            )
        parts.append(f"{column} DESC" if str(name).startswith("-") else column)
    return ", ".join(parts) or "timestamp DESC"


@get(both("events/{event_id:str}"), summary="One event by its uuid")
async def event_by_id(
    request: AnyRequest, services: Services, project_id: str, event_id: str
) -> dict[str, Any]:
    project = await authorized_project(request, services, project_id)
    found = await asyncio.to_thread(
        list_events, services.query_runner, project.id, EventFilter(uuid=event_id), limit=1
    )
    if not found:
        raise ApiError(404, "There is no such event.")
    return event_object(found[0])


@get(both("persons"), summary="List persons, the newest first")
async def persons(
    request: AnyRequest,
    services: Services,
    project_id: str,
    distinct_id: str | None = None,
    search: str | None = None,
    email: str | None = None,
    cohort: int | None = None,
    properties: str | None = None,
    cursor: str | None = None,
    limit: Limit = 100,
) -> dict[str, Any]:
    """`properties` are filters as a JSON list; they go with `cohort` only."""
    project = await authorized_project(request, services, project_id)
    filters = sent_list(properties)
    if cohort is not None or filters:
        attribute = ATTRIBUTE if cohort is None else "cohort"
        if search is not None or email is not None or distinct_id is not None:
            raise ApiError(400, "Filtered persons cannot be searched besides.", attribute=attribute)
        found = await asyncio.to_thread(
            list_filtered,
            services,
            project,
            cohort=cohort,
            filters=filters,
            limit=limit,
            after=_decoded_cursor(cursor),
        )
    elif distinct_id is not None:
        person = person_by_distinct_id(services.directory, project.id, distinct_id)
        found = [person] if person else []
    else:
        found = await asyncio.to_thread(
            list_persons,
            services.directory,
            project.id,
            search=search,
            email=email,
            limit=limit,
            after=_decoded_cursor(cursor),
        )
    more = distinct_id is None and len(found) == limit
    return {
        "next": page_url(request, cursor=_encoded_cursor(found[-1].cursor)) if more else None,
        "previous": None,
        "results": [person_object(item) for item in found],
    }


def _encoded_cursor(cursor: PersonCursor) -> str:
    created_at_us, person_id = cursor
    return base64.urlsafe_b64encode(b"%d:%b" % (created_at_us, person_id)).decode()


def _decoded_cursor(text: str | None) -> PersonCursor | None:
    if text is None:
        return None
    try:
        created_at_us, _, person_id = base64.urlsafe_b64decode(text).partition(b":")
        if len(created_at_us) <= _CURSOR_DIGITS_MAX:
            return int(created_at_us), person_id
    except ValueError:
        pass
    raise ApiError(400, "The cursor is not one of ours.", attribute="cursor")


@get(both("persons/{person_id:str}"), summary="One person by its uuid")
async def one_person(
    request: AnyRequest, services: Services, project_id: str, person_id: str
) -> dict[str, Any]:
    project = await authorized_project(request, services, project_id)
    try:
        key = uuid.UUID(person_id).bytes
    except ValueError:
        raise ApiError(404, "There is no such person.") from None
    found = person_by_id(services.directory, project.id, key)
    if found is None:
        raise ApiError(404, "There is no such person.")
    return person_object(found)


@get(both("ingestion_warnings"), summary="What was dropped or changed, and why")
async def ingestion_warnings(
    request: AnyRequest, services: Services, project_id: str, limit: Limit = 100
) -> dict[str, Any]:
    project = await authorized_project(request, services, project_id)
    found = list_warnings(services.directory, project.id, limit)
    return {
        "next": None,
        "previous": None,
        "results": [warning_object(item) for item in found],
    }
