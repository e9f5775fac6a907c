"""What is kept of a survey, in the words of PostHog's API (sdk-contract §8.4)."""

import uuid
from typing import Annotated, Any, Final, Literal

from msgspec import Meta, Struct, field

from hedgerow.core.errors import FieldError
from hedgerow.core.typed_json import typed
from hedgerow.wire.timestamps import parse_timestamp

Name = Annotated[str, Meta(min_length=1, max_length=400)]
Text = Annotated[str, Meta(max_length=10_000)]

QUESTIONS_MAX: Final = 100
CHOICES_MAX: Final = 100
ITERATIONS_MAX: Final = 500
RATING_SCALES: Final = (2, 3, 5, 7, 10)
_CHOICE_TYPES: Final = ("single_choice", "multiple_choice")
_LINKS: Final = ("https://", "http://", "mailto:")


class Question(Struct):
    """What is checked of a question. Everything else in it is kept as it was sent."""

    type: Literal["open", "link", "rating", "single_choice", "multiple_choice"]
    question: Annotated[str, Meta(min_length=1, max_length=10_000)]
    id: Annotated[str, Meta(min_length=1, max_length=200)] | None = None
    description: Text | None = None
    choices: list[Annotated[str, Meta(max_length=1000)]] | None = None
    scale: int | None = None
    link: str | None = None
    branching: dict[str, Any] | None = None


class SurveyBody(Struct, kw_only=True, forbid_unknown_fields=True):
    """A survey runs from `start_date` to `end_date`; without a start it is a draft.

    It can be asked again `iteration_count` times, every `iteration_frequency_days`. It ends by
    itself at `responses_limit` answers.
    """

    name: Name
    description: Text = ""
    type: Literal["popover", "widget", "external_survey", "api", "full_screen"] = "popover"
    schedule: Literal["once", "recurring", "always"] | None = "once"
    questions: list[dict[str, Any]] = field(default_factory=list)
    appearance: dict[str, Any] | None = None
    conditions: dict[str, Any] | None = None
    linked_flag_id: int | None = None
    targeting_flag_id: int | None = None
    start_date: str | None = None
    end_date: str | None = None
    iteration_count: Annotated[int, Meta(ge=0, le=ITERATIONS_MAX)] | None = None
    iteration_frequency_days: Annotated[int, Meta(ge=1, le=366)] | None = None
    responses_limit: Annotated[int, Meta(ge=1)] | None = None
    enable_partial_responses: bool = False
    enable_iframe_embedding: bool = False
    translations: dict[str, Any] | None = None


def checked_survey(value: dict[str, Any]) -> SurveyBody:
    """The survey, each question with an id. Raises `FieldError` naming the wrong field."""
    survey = typed(value, SurveyBody)
    if len(survey.questions) > QUESTIONS_MAX:
        raise FieldError(f"A survey has at most {QUESTIONS_MAX} questions.", "questions")
    survey.questions = [
        _checked_question(question, f"questions.{index}.")
        for index, question in enumerate(survey.questions)
    ]
    ids = [question["id"] for question in survey.questions]
    if len(set(ids)) < len(ids):
        raise FieldError("Two questions have the same id.", "questions")
    _check_dates(survey)
    return survey


def _checked_question(value: dict[str, Any], path: str) -> dict[str, Any]:
    question = typed(value, Question, path)
    if question.type in _CHOICE_TYPES and not question.choices:
        raise FieldError("A choice needs choices.", f"{path}choices")
    if question.choices and len(question.choices) > CHOICES_MAX:
        raise FieldError(f"There are more than {CHOICES_MAX} choices.", f"{path}choices")
    if question.type == "rating" and question.scale not in RATING_SCALES:
        scales = ", ".join(map(str, RATING_SCALES))
        raise FieldError(f"A rating's scale is one of {scales}.", f"{path}scale")
    if question.type == "link" and question.link and not question.link.startswith(_LINKS):
        raise FieldError("A link starts with https://, http:// or mailto:.", f"{path}link")
    # An id that does not change is what answers are found by.
    return {**value, "id": question.id or str(uuid.uuid4())}


def _check_dates(survey: SurveyBody) -> None:
    times = {}
    for name in ("start_date", "end_date"):
        text = getattr(survey, name)
        times[name] = None if text is None else parse_timestamp(text)
        if text is not None and times[name] is None:
            raise FieldError(f"{text[:40]!r} is not a time.", name)
    start_us, end_us = times["start_date"], times["end_date"]
    if end_us is not None and (start_us is None or end_us < start_us):
        raise FieldError("A survey ends after it has started.", "end_date")
    if survey.iteration_count and survey.iteration_frequency_days is None:
        raise FieldError(
            "A survey that is asked again needs a number of days.", "iteration_frequency_days"
        )
