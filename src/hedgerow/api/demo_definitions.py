"""Makes the demo shop's flags and its survey, so that their pages have something to show."""

from datetime import UTC, datetime

from hedgerow.api.flag_service import FlagService
from hedgerow.api.services import Services
from hedgerow.api.times import shown_time
from hedgerow.demo.flags import FLAGS
from hedgerow.demo.shop import first_day
from hedgerow.demo.survey import survey_fields, survey_id
from hedgerow.directory.feature_flags import list_flags
from hedgerow.directory.projects import Project
from hedgerow.directory.survey_body import checked_survey
from hedgerow.directory.surveys import NoSuchSurveyError, create_survey, survey_by_id


def make_demo_definitions(services: Services, project: Project) -> None:
    """What is there already stays as it is (blocking)."""
    flags = FlagService(services, project.id)
    taken = {flag.key for flag in list_flags(services.directory, project.id)[0]}
    for flag in FLAGS:
        if flag["key"] not in taken:
            flags.create(dict(flag))
    _make_survey(services, project)
    services.publisher.publish()


def _make_survey(services: Services, project: Project) -> None:
    wanted = survey_id(project.api_token)
    try:
        survey_by_id(services.directory, project.id, wanted)
    except NoSuchSurveyError:
        now_us = services.clock.now_us()
        opening = first_day(datetime.fromtimestamp(now_us / 1_000_000, UTC))
        create_survey(
            services.directory,
            project.id,
            checked_survey(survey_fields(shown_time(int(opening.timestamp()) * 1_000_000))),
            survey_id=wanted,
            is_archived=False,
            now_us=now_us,
        )
