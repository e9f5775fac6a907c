"""Projects, and who is asking."""

import asyncio
from typing import Any, Final

from litestar import Request, get, patch, post

from hedgerow.api.auth import authenticate, authorized_project
from hedgerow.api.body import json_object
from hedgerow.api.errors import ApiError
from hedgerow.api.insight_context import TEST_ACCOUNT_FILTERS, check_test_account_filters
from hedgerow.api.presenters import project_object
from hedgerow.api.services import Services
from hedgerow.directory.projects import change_project, create_project, list_projects

_NAME_CHARS_MAX: Final = 200

AnyRequest = Request[Any, Any, Any]
# Under their older name too.
_ALL: Final = ["/api/projects", "/api/environments"]
_ONE: Final = [f"{path}/{{project_id:str}}" for path in _ALL]


@get(_ALL, summary="List projects")
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
    name = _checked_name((await json_object(request)).get("name"))

    def make() -> dict[str, Any]:
        project = create_project(services.directory, name=name, now_us=services.clock.now_us())
        services.publisher.publish()
        return project_object(project)

    return await asyncio.to_thread(make)


def _checked_name(name: Any) -> str:
    """Raises `ApiError` 400."""
    if not isinstance(name, str) or not name.strip():
        raise ApiError(400, "Send a name for the project.", attribute="name")
    if len(name) > _NAME_CHARS_MAX:
        raise ApiError(400, f"A name has at most {_NAME_CHARS_MAX} characters.", attribute="name")
    return name.strip()


@get(_ONE, summary="One project")
async def one_project(request: AnyRequest, services: Services, project_id: str) -> dict[str, Any]:
    return project_object(await authorized_project(request, services, project_id))


@patch(_ONE, summary="Change a project")
async def changed_project(
    request: AnyRequest, services: Services, project_id: str
) -> dict[str, Any]:
    """Any of `name` and the project's settings, by the names that `GET` shows them under."""
    project = await authorized_project(request, services, project_id)
    changes = await json_object(request)
    changes.pop("personal_api_key", None)
    name = _checked_name(changes.pop("name")) if "name" in changes else None

    def change() -> dict[str, Any]:
        check_test_account_filters(services, project, changes.get(TEST_ACCOUNT_FILTERS))
        changed = change_project(services.directory, project.id, name=name, settings=changes)
        services.publisher.publish()
        return project_object(changed)

    return await asyncio.to_thread(change)


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
