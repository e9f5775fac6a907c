"""Ends surveys that have as many answers as they may have."""

from msgspec.structs import replace

from hedgerow.directory.engine import Directory
from hedgerow.directory.projects import list_projects
from hedgerow.directory.survey_body import SurveyBody
from hedgerow.directory.surveys import Survey, change_survey, list_surveys
from hedgerow.query.runner import QueryRunner
from hedgerow.query.survey_results import run_on_project
from hedgerow.query.surveys import SurveyScope, responses_sql
from hedgerow.wire.timestamps import format_timestamp


def end_full_surveys(directory: Directory, runner: QueryRunner, *, now_us: int) -> int:
    """How many were ended (blocking). Raises `QueryError`."""
    ended = 0
    for project in list_projects(directory):
        surveys, _ = list_surveys(directory, project.id)
        run = run_on_project(runner, project.id)
        for survey in filter(_is_limited, surveys):
            answers = run(responses_sql(SurveyScope(survey_id=survey.id)))[0][0]
            if answers >= (survey.body.responses_limit or 0):
                _end(directory, survey, now_us)
                ended += 1
    return ended


def _is_limited(survey: Survey) -> bool:
    body = survey.body
    return bool(body.responses_limit and body.start_date and body.end_date is None)


def _end(directory: Directory, survey: Survey, now_us: int) -> None:
    def end(body: SurveyBody) -> SurveyBody:
        return replace(body, end_date=body.end_date or format_timestamp(now_us))

    change_survey(directory, survey.project_id, survey.id, end, now_us=now_us)
