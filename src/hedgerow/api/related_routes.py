"""What groups have in common with persons and each other, and their properties (read-api §3.4)."""

import asyncio
import uuid
from typing import Annotated, Any, Final

from litestar import get
from litestar.handlers import HTTPRouteHandler
from litestar.params import QueryParameter

from hedgerow.api.auth import authorized_project
from hedgerow.api.data_routes import both
from hedgerow.api.errors import ApiError
from hedgerow.api.group_routes import TypeIndex, group_object
from hedgerow.api.pages import AnyRequest
from hedgerow.api.presenters import person_object
from hedgerow.api.services import Services
from hedgerow.directory.groups import load_groups
from hedgerow.directory.persons import persons_by_id
from hedgerow.directory.projects import Project
from hedgerow.query.related import (
    Related,
    group_property_counts,
    group_property_values,
    groups_of_person,
    related_to_group,
)


@get(both("groups/related"), summary="Who and what has had events together lately")
async def related(
    request: AnyRequest,
    services: Services,
    project_id: str,
    wanted: Annotated[str, QueryParameter(name="id")],
    group_type_index: Annotated[int | None, QueryParameter(ge=0, le=4)] = None,
) -> list[dict[str, Any]]:
    """`id` is a group's key with its `group_type_index`, or a person's uuid without."""
    project = await authorized_project(request, services, project_id)
    runner, now_us = services.query_runner, services.clock.now_us()

    def find() -> list[dict[str, Any]]:
        if group_type_index is None:
            groups = groups_of_person(runner, project.id, wanted, now_us=now_us)
            return _objects(services, project, Related(groups, []))
        found = related_to_group(runner, project.id, group_type_index, wanted, now_us=now_us)
        return _objects(services, project, found)

    return await asyncio.to_thread(find)


def _objects(services: Services, project: Project, found: Related) -> list[dict[str, Any]]:
    """Only those that are known: with a profile, or properties of their own."""
    groups = load_groups(services.directory, project.id, found.groups)
    ids = [uuid.UUID(item).bytes for item in found.person_ids]
    people = persons_by_id(services.directory, project.id, ids)
    return [
        *({"type": "person", **person_object(person)} for person in people),
        *(
            {"type": "group", "id": key, **group_object(groups[index, key])}
            for index, key in found.groups
            if (index, key) in groups
        ),
    ]


@get(both("groups/property_definitions"), summary="The properties of groups by type")
async def property_definitions(
    request: AnyRequest, services: Services, project_id: str
) -> dict[str, list[dict[str, Any]]]:
    """`{"0": [{"name": "industry", "count": 2}]}`: how many groups have each."""
    project = await authorized_project(request, services, project_id)
    return await asyncio.to_thread(group_property_counts, services.query_runner, project.id)


@get(both("groups/property_values"), summary="Values of a group property, most frequent first")
async def property_values(
    request: AnyRequest,
    services: Services,
    project_id: str,
    group_type_index: TypeIndex,
    key: str,
    value: str | None = None,
) -> list[dict[str, Any]]:
    """`value` is a part to look for."""
    project = await authorized_project(request, services, project_id)
    if not key:
        raise ApiError(400, "Name the property as key.", attribute="key")
    return await asyncio.to_thread(
        group_property_values,
        services.query_runner,
        project.id,
        group_type_index,
        key,
        part=value,
    )


RELATED_ROUTES: Final[list[HTTPRouteHandler]] = [related, property_definitions, property_values]
