"""The project that a request may use (read-api §3.2)."""

from typing import Any

from litestar import Request

from hedgerow.api.access import Access, access_of
from hedgerow.api.errors import ApiError
from hedgerow.api.services import Services
from hedgerow.directory.projects import Project, project_by_id, project_by_token

CURRENT = "@current"


async def authenticate(request: Request[Any, Any, Any], services: Services) -> int:
    """The default project of whoever asks. Raises `ApiError` 401 or 403."""
    return (await access_of(request, services)).project_id


async def authorized_project(
    request: Request[Any, Any, Any], services: Services, project_id: str
) -> Project:
    """The project of the path; `@current` is the default. Raises `ApiError` 401, 403 or 404."""
    access = await access_of(request, services)
    wanted = access.project_id
    if project_id != CURRENT:
        if not project_id.isascii() or not project_id.isdigit() or len(project_id) > 15:
            raise ApiError(404, "There is no such project.")
        wanted = int(project_id)
    project = project_by_id(services.directory, wanted)
    if project is None:
        raise ApiError(404, "There is no such project.")
    return _permitted(access, project)


async def named_project(
    request: Request[Any, Any, Any], services: Services, token: str | None
) -> Project:
    """The project whose key is `token`; without one, the default. Raises `ApiError` 401 or 403."""
    if token is None:
        return await authorized_project(request, services, CURRENT)
    access = await access_of(request, services)
    project = project_by_token(services.directory, token)
    if project is None:
        raise ApiError(403, "The project key belongs to no project.", attribute="token")
    return _permitted(access, project)


def _permitted(access: Access, project: Project) -> Project:
    if not access.may_use(project.id):
        raise ApiError(403, "This secret key belongs to another project.")
    return project
