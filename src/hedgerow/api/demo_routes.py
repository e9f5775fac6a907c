"""Loads the demo shop into a project: for a new installation that has nothing to show yet."""

import asyncio
from typing import Any, Final

import msgspec
from litestar import Request, post

from hedgerow.api.auth import authorized_project
from hedgerow.api.data_routes import both
from hedgerow.api.demo_definitions import make_demo_definitions
from hedgerow.api.services import Services
from hedgerow.demo.load import load_demo


class DemoLoaded(msgspec.Struct):
    events: int


@post(both("demo"), summary="Load the demo shop's events, flags and survey", status_code=200)
async def demo(request: Request[Any, Any, Any], services: Services, project_id: str) -> DemoLoaded:
    """Through the capture path of this server. Twice on one day changes nothing."""
    project = await authorized_project(request, services, project_id)
    await asyncio.to_thread(make_demo_definitions, services, project)
    count = await asyncio.to_thread(
        load_demo, services.settings.local_url, project.api_token, services.clock.now_us()
    )
    return DemoLoaded(count)


DEMO_ROUTES: Final = [demo]
