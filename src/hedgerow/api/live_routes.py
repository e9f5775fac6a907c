"""The live feed: server-sent events of what was stored, dropped and refused."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any, Final

import msgspec
from litestar import Request, get
from litestar.response import Stream

from hedgerow.api.auth import authorized_project
from hedgerow.api.data_routes import both
from hedgerow.api.live_feed import LiveCounters, LiveProblem
from hedgerow.api.refusals import RefusalView, read_refusals
from hedgerow.api.services import Services

# Also how soon a browser that has gone away is noticed.
TURN_SECONDS: Final = 1.0

AnyRequest = Request[Any, Any, Any]
_encoder: Final = msgspec.json.Encoder()


class LiveState(msgspec.Struct):
    """What the feed would have told so far."""

    counters: LiveCounters
    problems: list[LiveProblem]
    refusals: list[RefusalView]


@get(both("live/state"), summary="Counters, and what was dropped and refused since the start")
async def live_state(request: AnyRequest, services: Services, project_id: str) -> LiveState:
    project = await authorized_project(request, services, project_id)
    return LiveState(
        counters=services.live_feed.counters(project.id),
        problems=services.live_feed.problems(project.id),
        refusals=await asyncio.to_thread(read_refusals, services.settings.refusals_file),
    )


@get(both("live"), summary="Server-sent events: what arrives, as it is stored")
async def live(request: AnyRequest, services: Services, project_id: str) -> Stream:
    """Events `stored` (a LiveMessage), `counters`, `refused`; a watcher too slow is let go."""
    project = await authorized_project(request, services, project_id)
    return Stream(
        _messages(services, project.id),
        media_type="text/event-stream",
        headers={"x-accel-buffering": "no"},
    )


async def _messages(services: Services, project_id: int) -> AsyncIterator[bytes]:
    path = services.settings.refusals_file
    known = {item.number for item in await asyncio.to_thread(read_refusals, path)}
    with services.live_feed.watch(project_id) as watcher:
        yield b"retry: 1000\n\n"
        while not watcher.is_too_slow:
            message = await watcher.next(TURN_SECONDS)
            if message is not None:
                yield _sent("stored", message)
                continue
            yield _sent("counters", services.live_feed.counters(project_id))
            refusals = await asyncio.to_thread(read_refusals, path)
            for refusal in refusals:
                if refusal.number not in known:
                    yield _sent("refused", refusal)
            known = {item.number for item in refusals}


def _sent(name: str, value: msgspec.Struct) -> bytes:
    """JSON has no line breaks of its own, so one `data` line holds it."""
    return b"event: %b\ndata: %b\n\n" % (name.encode(), _encoder.encode(value))


LIVE_ROUTES: Final = [live, live_state]
