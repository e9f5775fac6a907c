"""Properties with a column of their own: which, how far they are filled, and which should."""

import asyncio
from typing import Annotated, Any, Final

from litestar import Request, delete, get, post
from litestar.params import Parameter

from hedgerow.api.auth import authorized_project
from hedgerow.api.body import json_object
from hedgerow.api.errors import ApiError
from hedgerow.api.services import Services
from hedgerow.directory.definitions import property_type
from hedgerow.store.promoted import TYPES, PromotedProperty, Scope
from hedgerow.store.promotion import PromotionProgress
from hedgerow.store.rows import HOT_STRING_PROPERTIES

_NAME_CHARS_MAX: Final = 200
_SCOPES: Final[dict[str, Scope]] = {"event": "event", "person": "person_on_event"}
_SHOWN_SCOPES: Final = {scope: shown for shown, scope in _SCOPES.items()}

AnyRequest = Request[Any, Any, Any]


@get("/api/projects/{project_id:str}/promoted_properties", summary="Properties with a column")
async def promoted_properties(
    request: AnyRequest, services: Services, project_id: str
) -> dict[str, Any]:
    """With how many of the stored events have it. A column serves all projects."""
    await authorized_project(request, services, project_id)
    found = await asyncio.to_thread(services.promotions.columns.progress)
    return {"results": [_shown(item) for item in sorted(found, key=_by_name)]}


@get(
    "/api/projects/{project_id:str}/promoted_properties/suggestions",
    summary="Properties worth a column",
)
async def promotion_suggestions(
    request: AnyRequest, services: Services, project_id: str
) -> dict[str, Any]:
    """What queries read most, and how long they took."""
    await authorized_project(request, services, project_id)
    return {
        "results": [
            {
                "name": use.name,
                "scope": _SHOWN_SCOPES[use.scope],  # type: ignore[index]  # only these are noted
                "queries": use.queries,
                "elapsed_ms": round(use.elapsed_ms, 1),
            }
            for use in services.promotions.suggestions()
        ]
    }


@post(
    "/api/projects/{project_id:str}/promoted_properties",
    summary="Give a property a column",
    status_code=202,
)
async def promote_property(
    request: AnyRequest, services: Services, project_id: str
) -> dict[str, Any]:
    """`{"name": "plan", "scope": "event", "type": "String"}`; it is filled in the background."""
    project = await authorized_project(request, services, project_id)
    body = await json_object(request)
    name, scope = _name(body.get("name")), _scope(body.get("scope", "event"))
    if scope == "event" and name in HOT_STRING_PROPERTIES.values():
        raise ApiError(400, f"{name} has a column already.", attribute="name")
    shown = _SHOWN_SCOPES[scope]
    type_ = body.get("type") or property_type(services.directory, project.id, shown, name)
    type_ = type_ or "String"
    if type_ not in TYPES:
        raise ApiError(400, f"type must be one of {', '.join(TYPES)}.", attribute="type")
    wanted = PromotedProperty(scope, name, type_)
    await asyncio.to_thread(services.promotions.columns.promote, wanted)
    return await _one(services, wanted)


@delete(
    "/api/projects/{project_id:str}/promoted_properties",
    summary="Take a property's column away",
    status_code=204,
)
async def demote_property(
    request: AnyRequest,
    services: Services,
    project_id: str,
    name: str,
    of_scope: Annotated[str, Parameter(query="scope")] = "event",
) -> None:
    """Answers stay as they are; only their speed changes."""
    await authorized_project(request, services, project_id)
    known = services.promotions.promoted().find(_scope(of_scope), name)
    if known is None:
        raise ApiError(404, f"{name[:_NAME_CHARS_MAX]} has no column.", attribute="name")
    await asyncio.to_thread(services.promotions.columns.demote, known)


async def _one(services: Services, wanted: PromotedProperty) -> dict[str, Any]:
    found = await asyncio.to_thread(services.promotions.columns.progress)
    return next(_shown(item) for item in found if item.promoted == wanted)


def _name(name: Any) -> str:
    if not isinstance(name, str) or not 0 < len(name) <= _NAME_CHARS_MAX:
        raise ApiError(400, f"Send a name of 1 to {_NAME_CHARS_MAX} characters.", attribute="name")
    return name


def _scope(scope: Any) -> Scope:
    if scope not in _SCOPES:
        raise ApiError(400, f"scope must be one of {', '.join(_SCOPES)}.", attribute="scope")
    return _SCOPES[scope]


def _by_name(progress: PromotionProgress) -> tuple[str, str]:
    return progress.promoted.name, progress.promoted.scope


def _shown(progress: PromotionProgress) -> dict[str, Any]:
    item = progress.promoted
    return {
        "name": item.name,
        "scope": _SHOWN_SCOPES[item.scope],
        "type": item.type,
        "rows_filled": progress.rows_filled,
        "rows": progress.rows,
        "done": progress.done,
        "error": progress.error,
    }
