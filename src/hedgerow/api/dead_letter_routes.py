"""Events that could not be processed, with their bytes."""

import asyncio
from typing import Any, Final

import msgspec
from litestar import Request, get

from hedgerow.api.auth import authorized_project
from hedgerow.api.data_routes import both
from hedgerow.api.pages import Limit, Offset
from hedgerow.api.services import Services
from hedgerow.api.times import shown_time
from hedgerow.directory.dead_letters import list_dead_letters

_PAYLOAD_CHARS_MAX: Final = 20_000


class DeadLetterView(msgspec.Struct):
    """`payload` is cut at 20,000 characters; bytes that are no text show as replacements."""

    position: int
    index: int
    step: str
    reason: str
    timestamp: str
    payload: str


class DeadLetterList(msgspec.Struct):
    results: list[DeadLetterView]


@get(both("dead_letters"), summary="Events that could not be processed")
async def dead_letters(
    request: Request[Any, Any, Any],
    services: Services,
    project_id: str,
    limit: Limit = 100,
    offset: Offset = 0,
) -> DeadLetterList:
    """Those of the project, and those that no project could be found for."""
    project = await authorized_project(request, services, project_id)
    found = await asyncio.to_thread(
        list_dead_letters, services.directory, project_id=project.id, limit=limit, offset=offset
    )
    return DeadLetterList(
        [
            DeadLetterView(
                position=letter.position,
                index=letter.index,
                step=letter.step,
                reason=letter.reason,
                timestamp=shown_time(letter.timestamp_us),
                payload=letter.payload.decode("utf-8", "replace")[:_PAYLOAD_CHARS_MAX],
            )
            for letter in found
        ]
    )


DEAD_LETTER_ROUTES: Final = [dead_letters]
