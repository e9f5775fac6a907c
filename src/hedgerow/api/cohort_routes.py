"""The persons of a static cohort (read-api §3.4)."""

import asyncio
from typing import Any, Final

from litestar import HttpMethod, route
from litestar.handlers import HTTPRouteHandler

from hedgerow.api.auth import authorized_project
from hedgerow.api.body import json_object
from hedgerow.api.data_routes import both
from hedgerow.api.errors import ApiError
from hedgerow.api.pages import AnyRequest
from hedgerow.api.services import Services
from hedgerow.api.static_cohorts import change_members, known_people, people_of, static_cohort

# PostHog's own clients send PATCH.
_METHODS: Final = [HttpMethod.POST, HttpMethod.PATCH]


@route(
    both("cohorts/{cohort_id:str}/add_persons_to_static_cohort"),
    http_method=_METHODS,
    status_code=200,
    summary="Put persons on a static cohort's list",
)
async def add_persons(
    request: AnyRequest, services: Services, project_id: str, cohort_id: str
) -> dict[str, Any]:
    """`{"person_ids": [uuid, …]}` or `{"distinct_ids": […]}`; unknown ones are left out."""
    project = await authorized_project(request, services, project_id)
    body = await json_object(request)

    def add() -> dict[str, Any]:
        cohort = static_cohort(services, project, cohort_id)
        if "distinct_ids" in body:
            people = people_of(services, project, body["distinct_ids"])
        else:
            people = known_people(services, project, body.get("person_ids"))
        change_members(services, project, cohort, people)
        return {"success": True, "added": len(people)}

    return await asyncio.to_thread(add)


@route(
    both("cohorts/{cohort_id:str}/remove_person_from_static_cohort"),
    http_method=_METHODS,
    status_code=200,
    summary="Take a person off a static cohort's list",
)
async def remove_person(
    request: AnyRequest, services: Services, project_id: str, cohort_id: str
) -> dict[str, Any]:
    """`{"person_id": uuid}`."""
    project = await authorized_project(request, services, project_id)
    body = await json_object(request)

    def remove() -> dict[str, Any]:
        cohort = static_cohort(services, project, cohort_id)
        people = known_people(services, project, [body.get("person_id")])
        if not people:
            raise ApiError(404, "There is no such person.", attribute="person_id")
        change_members(services, project, cohort, people, is_removed=True)
        return {"success": True}

    return await asyncio.to_thread(remove)


COHORT_ROUTES: Final[list[HTTPRouteHandler]] = [add_persons, remove_person]
