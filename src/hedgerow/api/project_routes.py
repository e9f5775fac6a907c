"""Projects, and who is asking."""

from typing import Any

import msgspec
from litestar import Request, get, post

from hedgerow.api.auth import authenticate, authorized_project
from hedgerow.api.errors import ApiError
from hedgerow.api.presenters import project_object
from hedgerow.api.services import Services
from hedgerow.core import json
from hedgerow.directory.projects import create_project, list_projects

AnyRequest = Request[Any, Any, Any]


class NewProject(msgspec.Struct):
    name: str


@get("/api/projects", summary="List projects")
async def projects(request: AnyRequest, services: Services) -> dict[str, Any]:
    await authenticate(request, services)
    found = list_projects(services.directory)
    return {
        "count": len(found),
        "next": None,
        "previous": None,
        "results": [project_object(project) for project in found],
    }


@post("/api/projects", summary="Make a project", status_code=201)
async def new_project(request: AnyRequest, services: Services) -> dict[str, Any]:
    """`{"name": "…"}`; the answer has the project's `id` and its key, `api_token`."""
    await authenticate(request, services)
    try:
        wanted = msgspec.convert(json.decode(await request.body()), NewProject)
    except (ValueError, msgspec.ValidationError) as error:
        raise ApiError(400, f"Send a name for the project: {error}", attribute="name") from None
    if not wanted.name.strip():
        raise ApiError(400, "The name must not be empty.", attribute="name")
    project = create_project(
        services.directory, name=wanted.name.strip(), now_us=services.clock.now_us()
    )
    services.on_projects_changed()
    return project_object(project)


@get("/api/projects/{project_id:str}", summary="One project")
async def one_project(request: AnyRequest, services: Services, project_id: str) -> dict[str, Any]:
    return project_object(await authorized_project(request, services, project_id))


@get("/api/users/@me", summary="Who the key belongs to")
async def current_user(request: AnyRequest, services: Services) -> dict[str, Any]:
    project_id = await authenticate(request, services)
    return {"distinct_id": "owner", "first_name": "Owner", "team": {"id": project_id}}


@get("/api/organizations/@current", summary="The organization")
async def organization(request: AnyRequest, services: Services) -> dict[str, Any]:
    await authenticate(request, services)
    found = list_projects(services.directory)
    return {
        "id": "hedgerow",
        "name": "Hedgerow",
        "projects": [project_object(project) for project in found],
    }
