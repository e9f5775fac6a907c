"""Definitions for SDKs that evaluate flags themselves (sdk-contract §11)."""

import asyncio
import hashlib
from typing import Any, Final

from litestar import Request, Response, get
from litestar.datastructures import CacheControlHeader
from msgspec import to_builtins

from hedgerow.api.auth import authorized_project, named_project
from hedgerow.api.data_routes import both
from hedgerow.api.services import Services
from hedgerow.core import json
from hedgerow.directory.feature_flags import FeatureFlag, list_flags
from hedgerow.directory.projects import Project
from hedgerow.directory.publishing import cohort_filters, group_type_names
from hedgerow.flags.cohorts import parse_cohort
from hedgerow.flags.local_definitions import local_filters
from hedgerow.flags.project_flags import ProjectFlags

AnyRequest = Request[Any, Any, Any]


_SUMMARY: Final = "All flags, to be evaluated by an SDK"
_UNTIL_CHANGED: Final = CacheControlHeader(private=True, no_cache=True)


@get(
    ["/flags/definitions", "/api/feature_flag/local_evaluation"],
    summary=_SUMMARY,
    cache_control=_UNTIL_CHANGED,
)
async def flag_definitions(
    request: AnyRequest, services: Services, token: str | None = None
) -> Response[bytes]:
    """`token` names the project. 304 while nothing has changed since the answer whose `ETag` is
    sent as `If-None-Match`.
    """
    return await _answer(request, services, await named_project(request, services, token))


@get(both("feature_flags/local_evaluation"), summary=_SUMMARY, cache_control=_UNTIL_CHANGED)
async def project_flag_definitions(
    request: AnyRequest, services: Services, project_id: str
) -> Response[bytes]:
    """The same, of the project in the path."""
    project = await authorized_project(request, services, project_id)
    return await _answer(request, services, project)


async def _answer(request: AnyRequest, services: Services, project: Project) -> Response[bytes]:
    with_cohorts = "send_cohorts" in request.url.query
    body = await asyncio.to_thread(_definitions, services, project.id, with_cohorts)
    tag = f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
    if tag in request.headers.get("if-none-match", ""):
        return Response(b"", status_code=304, headers={"etag": tag})
    return Response(body, media_type="application/json", headers={"etag": tag})


def _definitions(services: Services, project_id: int, with_cohorts: bool) -> bytes:
    flags, _ = list_flags(services.directory, project_id)
    cohorts = {
        key: filters
        for key, filters in cohort_filters(services.directory, project_id).items()
        if parse_cohort(filters) is not None
    }
    project = ProjectFlags([flag.definition() for flag in flags])
    return json.encode(
        {
            "flags": [
                _definition(flag, project, {} if with_cohorts else cohorts)
                for flag in reversed(flags)
            ],
            "group_type_mapping": {
                str(index): name
                for index, name in group_type_names(services.directory, project_id).items()
            },
            "cohorts": cohorts if with_cohorts else {},
            "property_matching_version": 1,
            "minimal_flag_called_events": False,
        }
    )


def _definition(
    flag: FeatureFlag, project: ProjectFlags, inlined_cohorts: dict[str, Any]
) -> dict[str, Any]:
    body: dict[str, Any] = to_builtins(flag.body)
    return {
        "id": flag.id,
        "team_id": flag.project_id,
        "name": body["name"],
        "key": flag.key,
        "filters": local_filters(body["filters"], project.find, inlined_cohorts),
        "deleted": flag.is_deleted,
        "active": body["active"],
        "ensure_experience_continuity": body["ensure_experience_continuity"],
        "version": flag.version,
        "evaluation_runtime": body["evaluation_runtime"],
        "evaluation_contexts": body["evaluation_contexts"],
        "bucketing_identifier": body["bucketing_identifier"],
        "has_experiment": False,
    }
