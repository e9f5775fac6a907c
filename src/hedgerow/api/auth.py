"""The project that a request may use (read-api §3.2)."""

from typing import Any

from litestar import Request

from hedgerow.api.access import access_of
from hedgerow.api.errors import ApiError
from hedgerow.api.services import Services
from hedgerow.directory.projects import Project, project_by_id

_CURRENT = "@current"


async def authenticate(request: Request[Any, Any, Any], services: Services) -> int:
    """The default project of whoever asks. Raises `ApiError` 401 or 403."""
    return (await access_of(request, services)).project_id


async def authorized_project(
    request: Request[Any, Any, Any], services: Services, project_id: str
) -> Project:
    """The project of the path; `@current` is the default. Raises `ApiError` 401, 403 or 404."""
    default_project_id = await authenticate(request, services)
    wanted = default_project_id
    if project_id != _CURRENT:
        if not project_id.isascii() or not project_id.isdigit() or len(project_id) > 15:
            raise ApiError(404, "There is no such project.")
        wanted = int(project_id)
    project = project_by_id(services.directory, wanted)
    if project is None:
        raise ApiError(404, "There is no such project.")
    return project
