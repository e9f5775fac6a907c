"""Groups and their types (read-api §3.4)."""

import asyncio
from typing import Annotated, Any

from litestar import get
from litestar.params import QueryParameter

from hedgerow.api.auth import authorized_project
from hedgerow.api.data_routes import both
from hedgerow.api.errors import ApiError
from hedgerow.api.pages import AnyRequest, Limit, page_url
from hedgerow.api.services import Services
from hedgerow.api.times import shown_time
from hedgerow.directory.batch import Group
from hedgerow.directory.groups import list_group_types, list_groups, load_groups

TypeIndex = Annotated[int, QueryParameter(ge=0, le=4)]


@get(both("groups"), summary="List the groups of one type by key")
async def groups(
    request: AnyRequest,
    services: Services,
    project_id: str,
    group_type_index: TypeIndex,
    search: str | None = None,
    cursor: str | None = None,
    limit: Limit = 100,
) -> dict[str, Any]:
    project = await authorized_project(request, services, project_id)
    found = await asyncio.to_thread(
        list_groups,
        services.directory,
        project.id,
        type_index=group_type_index,
        search=search,
        limit=limit,
        after=cursor,
    )
    more = len(found) == limit
    return {
        "next": page_url(request, cursor=found[-1].group_key) if more else None,
        "previous": None,
        "results": [group_object(group) for group in found],
    }


@get(both("groups/find"), summary="One group by type and key")
async def one_group(
    request: AnyRequest,
    services: Services,
    project_id: str,
    group_type_index: TypeIndex,
    group_key: str,
) -> dict[str, Any]:
    project = await authorized_project(request, services, project_id)
    name = (group_type_index, group_key)
    found = load_groups(services.directory, project.id, [name]).get(name)
    if found is None:
        raise ApiError(404, "There is no such group.")
    return group_object(found)


@get(both("groups_types"), summary="The types of groups by index")
async def group_types(
    request: AnyRequest, services: Services, project_id: str
) -> list[dict[str, Any]]:
    project = await authorized_project(request, services, project_id)
    return [
        {
            "group_type": item.group_type,
            "group_type_index": item.type_index,
            "name_singular": None,
            "name_plural": None,
        }
        for item in list_group_types(services.directory, project.id)
    ]


def group_object(group: Group) -> dict[str, Any]:
    return {
        "group_type_index": group.type_index,
        "group_key": group.group_key,
        "group_properties": group.properties,
        "created_at": shown_time(group.created_at_us),
    }
