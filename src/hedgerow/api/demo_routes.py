"""Loads the demo shop into a project: for a new installation that has nothing to show yet."""

import asyncio
from typing import Any, Final

import msgspec
from litestar import Request, post

from hedgerow.api.auth import authorized_project
from hedgerow.api.data_routes import both
from hedgerow.api.demo_definitions import make_demo_definitions
from hedgerow.api.replay_switch import replay_switched_on
from hedgerow.api.services import Services
from hedgerow.demo.load import load_demo
from hedgerow.directory.projects import Project


class DemoLoaded(msgspec.Struct):
    events: int


@post(both("demo"), summary="Load the demo shop's events, flags and survey", status_code=200)
async def demo(request: Request[Any, Any, Any], services: Services, project_id: str) -> DemoLoaded:
    """Through the capture path of this server. Twice on one day changes nothing."""
    project = await authorized_project(request, services, project_id)
    await asyncio.to_thread(make_demo_definitions, services, project)
    return DemoLoaded(await asyncio.to_thread(_load, services, project))


def _load(services: Services, project: Project) -> int:
    with replay_switched_on(services, project):
        return load_demo(services.settings.local_url, project.api_token, services.clock.now_us())


DEMO_ROUTES: Final = [demo]
