"""What the routes of surveys do: blocking, apart from HTTP itself."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from msgspec import to_builtins

from hedgerow.api.errors import ApiError
from hedgerow.api.flag_service import FlagService
from hedgerow.api.services import Services
from hedgerow.api.survey_presenter import survey_object
from hedgerow.core.errors import FieldError
from hedgerow.directory.feature_flags import FeatureFlag, list_flags
from hedgerow.directory.survey_body import SurveyBody, checked_survey
from hedgerow.directory.surveys import (
    NoSuchSurveyError,
    Survey,
    change_survey,
    create_survey,
    delete_survey,
    list_surveys,
    survey_by_id,
)
from hedgerow.flags.survey_targeting import SURVEY_FLAG_PREFIX
from hedgerow.query.survey_results import (
    counts_object,
    question_results,
    response_counts,
    responses_page,
    run_on_project,
    survey_counts,
)
from hedgerow.query.surveys import SurveyScope

Shown = dict[str, Any]

# What the API shows but nobody sets; clients send whole objects back.
_READ_ONLY: Final = frozenset(
    [
        *("id", "linked_flag", "targeting_flag", "internal_targeting_flag", "feature_flag_keys"),
        *("iteration_start_dates", "current_iteration", "current_iteration_start_date"),
        *("created_by", "created_at", "updated_at", "personal_api_key", "targeting_flag_id"),
        *("user_access_level", "question_translations", "response_sampling_daily_limits"),
        *("_create_in_folder", "form_content"),
    ]
)
# PostHog writes null where nothing was chosen.
_NULL_IS_NOTHING: Final = frozenset(
    [
        *("description", "type", "questions", "archived", "enable_partial_responses"),
        "enable_iframe_embedding",
    ]
)


@dataclass(frozen=True, slots=True)
class SurveyService:
    """The surveys of one project. Raises `ApiError` 404 for what is not there."""

    services: Services
    project_id: int

    def page(self, *, search: str | None, limit: int, offset: int) -> tuple[list[Shown], int]:
        found, count = list_surveys(
            self.services.directory, self.project_id, search=search, limit=limit, offset=offset
        )
        flags = self._flags()
        now_us = self.services.clock.now_us()
        return [survey_object(survey, flags, now_us) for survey in found], count

    def create(self, sent: Shown) -> Shown:
        """Raises `FieldError`."""
        change = _asked_change(sent)
        body = checked_survey(change.fields)
        self._check_linked_flag(body)
        body.targeting_flag_id = self._targeting_flag_id(body, change)
        survey = create_survey(
            self.services.directory,
            self.project_id,
            body,
            is_archived=bool(change.is_archived),
            now_us=self.services.clock.now_us(),
        )
        return self._published(survey)

    def find(self, survey_id: str) -> Survey:
        with _answered():
            return survey_by_id(self.services.directory, self.project_id, survey_id)

    def show(self, survey_id: str) -> Shown:
        return self._shown(self.find(survey_id))

    def change(self, survey_id: str, sent: Shown) -> Shown:
        """Raises `FieldError`."""
        change = _asked_change(sent)
        found = self.find(survey_id)
        # Checked before the transaction, since the checks read the directory themselves.
        checked = checked_survey({**to_builtins(found.body), **change.fields})
        self._check_linked_flag(checked)
        flag_id = self._targeting_flag_id(checked, change)

        def apply(current: SurveyBody) -> SurveyBody:
            body = checked_survey({**to_builtins(current), **change.fields})
            body.targeting_flag_id = flag_id
            return body

        with _answered():
            survey = change_survey(
                self.services.directory,
                self.project_id,
                survey_id,
                apply,
                is_archived=change.is_archived,
                now_us=self.services.clock.now_us(),
            )
        return self._published(survey)

    def delete(self, survey_id: str) -> None:
        found = self.find(survey_id)
        with _answered():
            delete_survey(self.services.directory, self.project_id, survey_id)
        if found.body.targeting_flag_id is not None:
            FlagService(self.services, self.project_id).delete(str(found.body.targeting_flag_id))
        self.services.publisher.publish()

    def results(self, survey_id: str | None, scope: SurveyScope) -> Shown:
        """Counts and rates; of one survey also what was answered."""
        run = run_on_project(self.services.query_runner, self.project_id)
        if survey_id is None:
            return counts_object(survey_counts(run, scope))
        survey = self.find(survey_id)
        return {
            "survey_id": survey.id,
            "start_date": survey.body.start_date,
            "end_date": survey.body.end_date,
            **counts_object(survey_counts(run, scope)),
            "questions": [
                question_results(run, scope, question, index)
                for index, question in enumerate(survey.body.questions)
            ],
        }

    def response_counts(self) -> dict[str, int]:
        return response_counts(run_on_project(self.services.query_runner, self.project_id))

    def responses(
        self, survey_id: str, scope: SurveyScope, *, limit: int, offset: int
    ) -> list[Shown]:
        questions = self.find(survey_id).body.questions
        run = run_on_project(self.services.query_runner, self.project_id)
        return responses_page(run, scope, questions, limit=limit, offset=offset)

    def _check_linked_flag(self, body: SurveyBody) -> None:
        if body.linked_flag_id is not None and body.linked_flag_id not in self._flags():
            raise FieldError("There is no such feature flag.", "linked_flag_id")

    def _targeting_flag_id(self, body: SurveyBody, change: "_Change") -> int | None:
        """The flag that says who is asked; made or changed where the request gives its filters."""
        flags = FlagService(self.services, self.project_id)
        flag_id = body.targeting_flag_id
        if change.removes_targeting:
            if flag_id is not None:
                flags.delete(str(flag_id))
            return None
        if change.targeting_filters is None:
            return flag_id
        if flag_id is not None:
            flags.change(str(flag_id), {"filters": change.targeting_filters})
            return flag_id
        made = flags.create(
            {
                "key": SURVEY_FLAG_PREFIX + secrets.token_hex(5),
                "name": f"Targeting flag for survey {body.name}",
                "filters": change.targeting_filters,
            }
        )
        return int(made["id"])

    def _flags(self) -> dict[int, FeatureFlag]:
        flags, _ = list_flags(self.services.directory, self.project_id)
        return {flag.id: flag for flag in flags}

    def _published(self, survey: Survey) -> Shown:
        self.services.publisher.publish()
        return self._shown(survey)

    def _shown(self, survey: Survey) -> Shown:
        return survey_object(survey, self._flags(), self.services.clock.now_us())


@dataclass(frozen=True, slots=True)
class _Change:
    """What a request asks: fields of the body, archiving, and who is asked."""

    fields: dict[str, Any]
    is_archived: bool | None
    targeting_filters: Any
    removes_targeting: bool


def _asked_change(sent: Shown) -> _Change:
    """Raises `FieldError`."""
    fields = {
        name: value
        for name, value in sent.items()
        if name not in _READ_ONLY and not (value is None and name in _NULL_IS_NOTHING)
    }
    is_archived = fields.pop("archived", None)
    if is_archived is not None and not isinstance(is_archived, bool):
        raise FieldError("archived must be true or false.", "archived")
    return _Change(
        fields=fields,
        is_archived=is_archived,
        targeting_filters=fields.pop("targeting_flag_filters", None),
        removes_targeting=fields.pop("remove_targeting_flag", None) is True,
    )


@contextmanager
def _answered() -> Iterator[None]:
    try:
        yield
    except NoSuchSurveyError as error:
        raise ApiError(404, str(error)) from None
