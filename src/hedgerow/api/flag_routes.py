"""Feature flags: made, listed, read, changed, deleted; their history and payloads."""

import asyncio
from typing import Any

from litestar import Request, Response, delete, get, patch, post

from hedgerow.api.auth import CURRENT, authorized_project, named_project
from hedgerow.api.body import json_object
from hedgerow.api.data_routes import both
from hedgerow.api.errors import ApiError
from hedgerow.api.flag_presenters import change_object, flag_object
from hedgerow.api.flag_service import FlagService
from hedgerow.api.pages import Limit, Offset, page_object
from hedgerow.api.services import Services
from hedgerow.core import json
from hedgerow.directory.feature_flags import list_changes, list_flags

AnyRequest = Request[Any, Any, Any]

_ONE = "feature_flags/{flag_id:str}"


async def _service(request: AnyRequest, services: Services, project_id: str) -> FlagService:
    project = await authorized_project(request, services, project_id)
    return FlagService(services, project.id)


@get(both("feature_flags"), summary="List feature flags, the newest first")
async def feature_flags(
    request: AnyRequest,
    services: Services,
    project_id: str,
    search: str | None = None,
    active: str | None = None,
    limit: Limit = 100,
    offset: Offset = 0,
) -> dict[str, Any]:
    """`search` looks into key and description; `active` is true or false."""
    project = await authorized_project(request, services, project_id)
    if active not in (None, "true", "false"):
        raise ApiError(400, "active must be true or false.", attribute="active")
    found, count = await asyncio.to_thread(
        list_flags,
        services.directory,
        project.id,
        search=search,
        active=None if active is None else active == "true",
        limit=limit,
        offset=offset,
    )
    return page_object(request, [flag_object(flag) for flag in found], count, limit, offset)


@post(both("feature_flags"), summary="Make a feature flag")
async def new_flag(request: AnyRequest, services: Services, project_id: str) -> dict[str, Any]:
    service = await _service(request, services, project_id)
    return await asyncio.to_thread(service.create, await json_object(request))


@get(both(_ONE), summary="One feature flag, by id or key")
async def one_flag(
    request: AnyRequest, services: Services, project_id: str, flag_id: str
) -> dict[str, Any]:
    service = await _service(request, services, project_id)
    return flag_object(await asyncio.to_thread(service.find, flag_id))


@patch(both(_ONE), summary="Change a feature flag")
async def changed_flag(
    request: AnyRequest, services: Services, project_id: str, flag_id: str
) -> dict[str, Any]:
    """With `version`, only if that is still the newest; else 409."""
    service = await _service(request, services, project_id)
    return await asyncio.to_thread(service.change, flag_id, await json_object(request))


@delete(both(_ONE), summary="Delete a feature flag")
async def deleted_flag(
    request: AnyRequest, services: Services, project_id: str, flag_id: str
) -> None:
    service = await _service(request, services, project_id)
    await asyncio.to_thread(service.delete, flag_id)


@get(both(_ONE + "/activity"), summary="What was changed in a feature flag")
async def flag_activity(
    request: AnyRequest,
    services: Services,
    project_id: str,
    flag_id: str,
    limit: Limit = 10,
    offset: Offset = 0,
) -> dict[str, Any]:
    service = await _service(request, services, project_id)
    flag = await asyncio.to_thread(service.find, flag_id)
    changes, count = await asyncio.to_thread(
        list_changes, services.directory, flag, limit=limit, offset=offset
    )
    results = [change_object(flag, change) for change in changes]
    return {**page_object(request, results, count, limit, offset), "total_count": count}


@get(both(_ONE + "/remote_config"), summary="A flag's payload")
async def flag_payload(
    request: AnyRequest,
    services: Services,
    project_id: str,
    flag_id: str,
    token: str | None = None,
) -> Response[bytes]:
    """The payload as it is kept, in general a text of JSON: SDKs decode it (sdk-contract §8.4).

    `token` names the project where the path says `@current`.
    """
    if project_id == CURRENT:
        project = await named_project(request, services, token)
    else:
        project = await authorized_project(request, services, project_id)
    flag = await asyncio.to_thread(FlagService(services, project.id).find, flag_id)
    payloads = flag.body.filters.get("payloads") or {}
    payload = payloads.get("true") if flag.body.active else None
    return Response(json.encode(payload), media_type="application/json")


FLAG_ROUTES = [
    feature_flags,
    new_flag,
    one_flag,
    changed_flag,
    deleted_flag,
    flag_activity,
    flag_payload,
]
