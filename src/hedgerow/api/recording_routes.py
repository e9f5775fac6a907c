"""Session recordings: list, one, its events in order, delete (docs/session-replay.md)."""

import asyncio
import uuid
from typing import Annotated, Any

from litestar import Request, Response, delete, get
from litestar.params import QueryParameter

from hedgerow.api.auth import authorized_project
from hedgerow.api.data_routes import both
from hedgerow.api.errors import ApiError
from hedgerow.api.pages import page_url
from hedgerow.api.presenters import person_object
from hedgerow.api.recording_items import playable_items
from hedgerow.api.recording_times import asked_moment_us
from hedgerow.api.services import Services
from hedgerow.api.times import shown_time
from hedgerow.core import json, limits
from hedgerow.directory.persons import person_by_distinct_id, person_by_id
from hedgerow.directory.projects import Project
from hedgerow.store.session_recordings import RecordingScope, RecordingSummary

AnyRequest = Request[Any, Any, Any]
Limit = Annotated[int, QueryParameter(ge=1, le=500)]
Offset = Annotated[int, QueryParameter(ge=0, le=1_000_000)]
Seconds = Annotated[float, QueryParameter(ge=0, le=1_000_000_000)]


@get(both("session_recordings"), summary="List session recordings, the newest first")
async def recordings(
    request: AnyRequest,
    services: Services,
    project_id: str,
    distinct_id: str | None = None,
    person_uuid: str | None = None,
    date_from: str | None = None,
    date_to: str | None = None,
    duration_min: Seconds | None = None,
    duration_max: Seconds | None = None,
    limit: Limit = 50,
    offset: Offset = 0,
) -> dict[str, Any]:
    """`date_from` and `date_to` bound the start; a length is in seconds."""
    project = await authorized_project(request, services, project_id)
    start = asked_moment_us(project, services.clock, date_from, "date_from")
    end = asked_moment_us(project, services.clock, date_to, "date_to")

    def found() -> list[dict[str, Any]]:
        wanted = _wanted_distinct_ids(services, project, distinct_id, person_uuid)
        if wanted == []:
            return []
        scope = RecordingScope(
            distinct_ids=wanted or (),
            start_us_min=start,
            start_us_max=end,
            duration_us_min=_microseconds(duration_min),
            duration_us_max=_microseconds(duration_max),
        )
        summaries = services.recordings.summaries(project.id, scope, limit=limit + 1, offset=offset)
        return [_recording_object(services, project, item) for item in summaries]

    results = await asyncio.to_thread(found)
    has_next = len(results) > limit
    return {
        "has_next": has_next,
        "next": page_url(request, limit=limit, offset=offset + limit) if has_next else None,
        "results": results[:limit],
    }


@get(both("session_recordings/{session_id:str}"), summary="One session recording")
async def one_recording(
    request: AnyRequest, services: Services, project_id: str, session_id: str
) -> dict[str, Any]:
    project = await authorized_project(request, services, project_id)
    summary = await asyncio.to_thread(_existing, services, project, session_id)
    return await asyncio.to_thread(_recording_object, services, project, summary)


@get(
    both("session_recordings/{session_id:str}/snapshots"),
    summary="The rrweb events of a recording, in order",
)
async def snapshots(
    request: AnyRequest,
    services: Services,
    project_id: str,
    session_id: str,
    cursor: Offset = 0,
) -> Response[bytes]:
    """A page of whole chunks, about 8 MB at most; `next` is the address of the page after it."""
    project = await authorized_project(request, services, project_id)

    def page() -> bytes:
        _existing(services, project, session_id)
        sizes = services.recordings.chunk_sizes(project.id, session_id)
        count = _chunks_of_a_page(sizes[cursor:])
        chunks = services.recordings.chunks(project.id, session_id, offset=cursor, limit=count)
        items = [item for chunk in chunks for item in playable_items(chunk)]
        items.sort(key=lambda timed: timed[0])
        more = cursor + count < len(sizes)
        return json.encode(
            {
                "snapshots": [item for _time, item in items],
                "next": page_url(request, cursor=cursor + count) if more else None,
            }
        )

    return Response(await asyncio.to_thread(page), media_type="application/json")


@delete(both("session_recordings/{session_id:str}"), summary="Delete a session recording")
async def deleted_recording(
    request: AnyRequest, services: Services, project_id: str, session_id: str
) -> None:
    """Its data leave the disk, and nothing that arrives for it later is kept."""
    project = await authorized_project(request, services, project_id)

    def remove() -> None:
        _existing(services, project, session_id)
        services.recordings.delete(project.id, session_id, services.clock.now_us())

    await asyncio.to_thread(remove)


def _microseconds(seconds: float | None) -> int | None:
    return None if seconds is None else round(seconds * 1_000_000)


def _existing(services: Services, project: Project, session_id: str) -> RecordingSummary:
    """Raises `ApiError` 404."""
    summary = services.recordings.summary(project.id, session_id)
    if summary is None:
        raise ApiError(404, "There is no such session recording.")
    return summary


def _wanted_distinct_ids(
    services: Services, project: Project, distinct_id: str | None, person_uuid: str | None
) -> list[str] | None:
    """All ids of the person; None where none was asked for, empty where there is no such person."""
    if distinct_id is not None:
        person = person_by_distinct_id(services.directory, project.id, distinct_id)
        return list(person.distinct_ids) if person else [distinct_id]
    if person_uuid is not None:
        try:
            person_id = uuid.UUID(person_uuid).bytes
        except ValueError:
            return []
        person = person_by_id(services.directory, project.id, person_id)
        return list(person.distinct_ids) if person else []
    return None


def _chunks_of_a_page(sizes: list[int]) -> int:
    """At least one, as many as fit."""
    total = 0
    for count, size in enumerate(sizes):
        total += size
        if count and total > limits.RECORDING_PAGE_BYTES_MAX:
            return count
    return max(len(sizes), 1)


def _recording_object(
    services: Services, project: Project, summary: RecordingSummary
) -> dict[str, Any]:
    person = person_by_distinct_id(services.directory, project.id, summary.distinct_id)
    return {
        "id": summary.session_id,
        "distinct_id": summary.distinct_id,
        "person": None if person is None else person_object(person),
        "start_time": shown_time(summary.first_us),
        "end_time": shown_time(summary.last_us),
        "recording_duration": (summary.last_us - summary.first_us) / 1_000_000,
        "start_url": summary.first_url,
        "snapshot_source": summary.source,
        "click_count": summary.clicks,
        "keypress_count": summary.key_presses,
        "mouse_activity_count": summary.mouse_moves,
        "console_log_count": summary.console_messages,
        "console_error_count": summary.console_errors,
        "event_count": summary.items,
        "window_count": summary.windows,
        "size_bytes": summary.raw_bytes,
        "stored_bytes": summary.stored_bytes,
        "last_received_at": shown_time(summary.received_at_us),
    }
