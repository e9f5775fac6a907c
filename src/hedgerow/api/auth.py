"""Who asks: a personal key, and the project it may read (read-api §3.2)."""

import hmac
from typing import Any

from litestar import Request

from hedgerow.api.body import json_object
from hedgerow.api.errors import ApiError
from hedgerow.api.services import Services
from hedgerow.directory.keys import personal_key
from hedgerow.directory.projects import Project, first_project, project_by_id

_CURRENT = "@current"


async def _sent_key(request: Request[Any, Any, Any]) -> str | None:
    """From the header, the query or the JSON body, in this order."""
    header = request.headers.get("authorization")
    if header is not None:
        scheme, _, key = header.partition(" ")
        if scheme.lower() != "bearer" or not key.strip():
            raise ApiError(401, "Send the key as: Authorization: Bearer phx_…")
        return key.strip()
    if "personal_api_key" in request.query_params:
        return str(request.query_params["personal_api_key"])
    if request.method in ("POST", "PATCH", "PUT"):
        try:
            key_in_body = (await json_object(request)).get("personal_api_key")
        except ApiError:
            return None
        return key_in_body if isinstance(key_in_body, str) else None
    return None


async def authenticate(request: Request[Any, Any, Any], services: Services) -> int:
    """The default project of the key. Raises `ApiError` 401."""
    key = await _sent_key(request)
    if not key:
        raise ApiError(401, "Authentication credentials were not provided.")
    if hmac.compare_digest(key.encode(), services.local_key.encode()):
        return _first_project_id(services)
    if key.startswith("phc_"):
        raise ApiError(
            401,
            "A project key (phc_…) can only send events. Use a personal key (phx_…) to read.",
            code="invalid_personal_api_key",
        )
    found = personal_key(services.directory, key)
    if found is None:
        raise ApiError(401, "The personal key is not valid.", code="invalid_personal_api_key")
    return found.project_id


def _first_project_id(services: Services) -> int:
    with services.directory.read() as connection:
        first = first_project(connection)
    if first is None:
        raise ApiError(404, "There is no project yet.")
    return first.id


async def authorized_project(
    request: Request[Any, Any, Any], services: Services, project_id: str
) -> Project:
    """The project of the path; `@current` is the key's default. Raises `ApiError` 401 or 404."""
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
