"""Surveys: made, listed, read, changed, deleted; and what people answered."""

import asyncio
from typing import Any

from litestar import Request, delete, get, patch, post

from hedgerow.api.auth import authorized_project
from hedgerow.api.body import json_object
from hedgerow.api.data_routes import both
from hedgerow.api.pages import Limit, Offset, page_object, page_url
from hedgerow.api.services import Services
from hedgerow.api.survey_service import SurveyService
from hedgerow.api.times import asked_time
from hedgerow.query.surveys import SurveyScope

AnyRequest = Request[Any, Any, Any]

_ONE = "surveys/{survey_id:str}"


async def _service(request: AnyRequest, services: Services, project_id: str) -> SurveyService:
    project = await authorized_project(request, services, project_id)
    return SurveyService(services, project.id)


@get(both("surveys"), summary="List surveys, the newest first")
async def surveys(
    request: AnyRequest,
    services: Services,
    project_id: str,
    search: str | None = None,
    limit: Limit = 100,
    offset: Offset = 0,
) -> dict[str, Any]:
    service = await _service(request, services, project_id)
    results, count = await asyncio.to_thread(
        service.page, search=search, limit=limit, offset=offset
    )
    return page_object(request, results, count, limit, offset)


@post(both("surveys"), summary="Make a survey")
async def new_survey(request: AnyRequest, services: Services, project_id: str) -> dict[str, Any]:
    service = await _service(request, services, project_id)
    return await asyncio.to_thread(service.create, await json_object(request))


@get(both("surveys/stats"), summary="Counts and rates of all surveys together")
async def all_survey_stats(
    request: AnyRequest,
    services: Services,
    project_id: str,
    date_from: str | None = None,
    date_to: str | None = None,
) -> dict[str, Any]:
    service = await _service(request, services, project_id)
    scope = SurveyScope(
        after=asked_time(date_from, "date_from"), before=asked_time(date_to, "date_to")
    )
    return await asyncio.to_thread(service.results, None, scope)


@get(both("surveys/responses_count"), summary="How many answers each survey has")
async def survey_response_counts(
    request: AnyRequest, services: Services, project_id: str
) -> dict[str, int]:
    """By the survey's id; those without an answer are left out."""
    service = await _service(request, services, project_id)
    return await asyncio.to_thread(service.response_counts)


@get(both(_ONE), summary="One survey")
async def one_survey(
    request: AnyRequest, services: Services, project_id: str, survey_id: str
) -> dict[str, Any]:
    service = await _service(request, services, project_id)
    return await asyncio.to_thread(service.show, survey_id)


@patch(both(_ONE), summary="Change a survey")
async def changed_survey(
    request: AnyRequest, services: Services, project_id: str, survey_id: str
) -> dict[str, Any]:
    """A `start_date` launches it, an `end_date` stops it."""
    service = await _service(request, services, project_id)
    return await asyncio.to_thread(service.change, survey_id, await json_object(request))


@delete(both(_ONE), summary="Delete a survey; its answers stay, as events")
async def deleted_survey(
    request: AnyRequest, services: Services, project_id: str, survey_id: str
) -> None:
    service = await _service(request, services, project_id)
    await asyncio.to_thread(service.delete, survey_id)


@get(both(_ONE + "/stats"), summary="A survey's counts, rates and answers")
async def survey_stats(
    request: AnyRequest,
    services: Services,
    project_id: str,
    survey_id: str,
    date_from: str | None = None,
    date_to: str | None = None,
    iteration: int | None = None,
) -> dict[str, Any]:
    service = await _service(request, services, project_id)
    scope = _scope(survey_id, date_from, date_to, iteration)
    return await asyncio.to_thread(service.results, survey_id, scope)


@get(both(_ONE + "/responses"), summary="A survey's answers, the newest first")
async def survey_responses(
    request: AnyRequest,
    services: Services,
    project_id: str,
    survey_id: str,
    date_from: str | None = None,
    date_to: str | None = None,
    iteration: int | None = None,
    limit: Limit = 100,
    offset: Offset = 0,
) -> dict[str, Any]:
    """Each with its time, its person, and a text for each question, by the question's id."""
    service = await _service(request, services, project_id)
    scope = _scope(survey_id, date_from, date_to, iteration)
    # One more than asked for says whether there are more.
    found = await asyncio.to_thread(
        service.responses, survey_id, scope, limit=limit + 1, offset=offset
    )
    more = len(found) > limit
    return {
        "next": page_url(request, limit=limit, offset=offset + limit) if more else None,
        "results": found[:limit],
    }


def _scope(
    survey_id: str, date_from: str | None, date_to: str | None, iteration: int | None
) -> SurveyScope:
    return SurveyScope(
        survey_id=survey_id.lower(),
        iteration=iteration,
        after=asked_time(date_from, "date_from"),
        before=asked_time(date_to, "date_to"),
    )


SURVEY_ROUTES = [
    surveys,
    new_survey,
    all_survey_stats,
    survey_response_counts,
    one_survey,
    changed_survey,
    deleted_survey,
    survey_stats,
    survey_responses,
]
