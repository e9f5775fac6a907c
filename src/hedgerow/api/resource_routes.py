"""Insights, dashboards, annotations, cohorts and actions as REST resources (read-api §3.4)."""

import asyncio
import csv
from typing import Any, Final

from litestar import Request, delete, get, patch, post
from litestar.datastructures import UploadFile
from litestar.handlers import HTTPRouteHandler

from hedgerow.api.auth import authorized_project
from hedgerow.api.body import json_object
from hedgerow.api.data_routes import both
from hedgerow.api.errors import ApiError
from hedgerow.api.insight_context import check_definition
from hedgerow.api.overrides import FILTERS, VARIABLES, sent_object
from hedgerow.api.pages import Limit, Offset, page_object
from hedgerow.api.resource_results import Asked, with_results
from hedgerow.api.resource_service import ResourceService
from hedgerow.api.services import Services
from hedgerow.api.static_cohorts import (
    change_members,
    csv_distinct_ids,
    people_of,
    static_cohort,
)
from hedgerow.directory.projects import Project
from hedgerow.directory.resource_kinds import KINDS, CohortBody, ResourceBody

AnyRequest = Request[Any, Any, Any]


def _publish(services: Services, kind: type[ResourceBody]) -> None:
    """Flags may depend on cohorts."""
    if kind is CohortBody:
        services.publisher.publish()


async def _service(
    request: AnyRequest, services: Services, project_id: str, kind: type[ResourceBody]
) -> ResourceService:
    return _service_of(services, await authorized_project(request, services, project_id), kind)


def _service_of(services: Services, project: Project, kind: type[ResourceBody]) -> ResourceService:
    def check(body: ResourceBody) -> None:
        check_definition(services, project, body)

    return ResourceService(services.directory, services.clock, project.id, kind, check)


async def _sent(
    request: AnyRequest, kind: type[ResourceBody]
) -> tuple[dict[str, Any], list[str] | None]:
    """The fields, and the distinct ids of a static cohort's file. Raises `ApiError` 400."""
    content_type = request.headers.get("content-type", "")
    if kind is not CohortBody or not content_type.startswith("multipart/form-data"):
        return await json_object(request), None
    form = await request.form()
    file = form.get("csv")
    if not isinstance(file, UploadFile):
        raise ApiError(400, "Send the distinct ids as a file `csv`.", attribute="csv")
    try:
        content = (await file.read()).decode()
        distinct_ids = csv_distinct_ids(content)
    except (UnicodeDecodeError, csv.Error):
        raise ApiError(400, "The file is no CSV in UTF-8.", attribute="csv") from None
    return {"name": str(form.get("name") or ""), "is_static": True}, distinct_ids


def _routes(name: str, kind: type[ResourceBody]) -> list[HTTPRouteHandler]:
    plural = name + "s"
    one = both(plural + "/{resource_id:str}")

    @get(both(plural), summary=f"List {plural}, the newest first")
    async def listed(
        request: AnyRequest,
        services: Services,
        project_id: str,
        search: str | None = None,
        short_id: str | None = None,
        limit: Limit = 100,
        offset: Offset = 0,
    ) -> dict[str, Any]:
        service = await _service(request, services, project_id, kind)
        results, count = await asyncio.to_thread(
            service.page, search=search, short_id=short_id, limit=limit, offset=offset
        )
        return page_object(request, results, count, limit, offset)

    @post(both(plural), summary=f"Make one of {plural}")
    async def created(request: AnyRequest, services: Services, project_id: str) -> dict[str, Any]:
        """A static cohort may come as a form whose file `csv` lists distinct ids."""
        project = await authorized_project(request, services, project_id)
        service = _service_of(services, project, kind)
        sent, distinct_ids = await _sent(request, kind)

        def create() -> dict[str, Any]:
            shown = service.create(sent)
            if distinct_ids is not None:
                cohort = static_cohort(services, project, str(shown["id"]))
                people = people_of(services, project, distinct_ids)
                change_members(services, project, cohort, people)
                shown = service.show(str(shown["id"])) | {"count": len(people)}
            _publish(services, kind)
            return shown

        return await asyncio.to_thread(create)

    @get(one, summary=f"One of {plural}, by id or short id")
    async def shown(
        request: AnyRequest,
        services: Services,
        project_id: str,
        resource_id: str,
        refresh: str | None = None,
        filters_override: str | None = None,
        variables_override: str | None = None,
    ) -> dict[str, Any]:
        """With its result: of the cache, or worked out as `refresh` (blocking, …) says.

        `filters_override` and `variables_override` are objects as JSON, put over its queries.
        """
        project = await authorized_project(request, services, project_id)
        service = _service_of(services, project, kind)
        asked = Asked(
            refresh,
            sent_object(filters_override, FILTERS),
            sent_object(variables_override, VARIABLES),
        )

        def show() -> dict[str, Any]:
            found = service.show(resource_id)
            return with_results(services, project, kind, found, asked)

        return await asyncio.to_thread(show)

    @patch(one, summary=f"Change one of {plural}")
    async def changed(
        request: AnyRequest, services: Services, project_id: str, resource_id: str
    ) -> dict[str, Any]:
        service = await _service(request, services, project_id, kind)
        changed = await asyncio.to_thread(service.change, resource_id, await json_object(request))
        await asyncio.to_thread(_publish, services, kind)
        return changed

    @delete(one, summary=f"Delete one of {plural}")
    async def deleted(
        request: AnyRequest, services: Services, project_id: str, resource_id: str
    ) -> None:
        service = await _service(request, services, project_id, kind)
        await asyncio.to_thread(service.delete, resource_id)
        await asyncio.to_thread(_publish, services, kind)

    return [listed, created, shown, changed, deleted]


RESOURCE_ROUTES: Final = [route for name, kind in KINDS.items() for route in _routes(name, kind)]
