"""Questions about a survey's answers → SQL (ingestion §14, read-api §4.8). Pure.

The SQL names `events` as users do; `query.sql.prepare` confines it to a project, and reads persons
as they are now.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from hedgerow.query.literals import text_literal

SHOWN: Final = "survey shown"
DISMISSED: Final = "survey dismissed"
SENT: Final = "survey sent"
ANSWERS_MAX: Final = 10_000
SURVEYS_MAX: Final = 10_000

_SUBMISSION: Final = "ifNull(properties['$survey_submission_id'], '')"
# Only whole answers dismiss; one that was given in part is an answer.
_NOT_PARTIAL: Final = "ifNull(properties['$survey_partially_completed'], '') != 'true'"


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyScope:
    """Which events count. Times are ISO text in UTC, `survey_id` None means every survey."""

    survey_id: str | None = None
    iteration: int | None = None
    after: str | None = None
    before: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedQuestion:
    """A question is found by its id, in old SDKs by its place, counted from 0.

    Where only one of them is known, the other is read from the event's own list of questions.
    """

    id: str | None = None
    index: int | None = None


def seen_and_dismissed_sql(scope: SurveyScope) -> str:
    """Rows of event, count, persons, first and last time."""
    return (
        "SELECT event, count(), uniqExact(person_id), min(timestamp), max(timestamp) "  # noqa: S608
        f"FROM events WHERE event IN ('{SHOWN}', '{DISMISSED}') "
        f"AND (event = '{SHOWN}' OR {_NOT_PARTIAL}){_conditions(scope)} GROUP BY event"
    )


def responses_sql(scope: SurveyScope) -> str:
    """One row: responses, persons, first and last time."""
    return (
        "SELECT count(), uniqExact(person), min(answered_at), max(answered_at) "  # noqa: S608
        f"FROM ({_responses(scope)})"
    )


def dismissed_and_answered_sql(scope: SurveyScope) -> str:
    """One number: the persons who dismissed the survey and also answered it."""
    return (
        "SELECT uniqExact(person_id) FROM events "  # noqa: S608
        f"WHERE event = '{DISMISSED}' AND {_NOT_PARTIAL}{_conditions(scope)} "
        f"AND person_id IN (SELECT person FROM ({_responses(scope)}))"
    )


def answer_counts_sql(scope: SurveyScope, question: AskedQuestion, *, multiple: bool) -> str:
    """Rows of answer and how often it was given; of a multiple choice every choice counts."""
    responses = _responses(scope, [question])
    answers = f"SELECT answer_0 AS answer FROM ({responses}) WHERE answer_0 != ''"  # noqa: S608
    if multiple:
        answers = (
            "SELECT arrayJoin(if(startsWith(answer, '['), JSONExtract(answer, 'Array(String)'), "  # noqa: S608
            f"[answer])) AS answer FROM ({answers})"
        )
    return (
        f"SELECT answer, count() AS times FROM ({answers}) "  # noqa: S608
        f"GROUP BY answer ORDER BY times DESC, answer LIMIT {ANSWERS_MAX}"
    )


def open_answers_sql(scope: SurveyScope, question: AskedQuestion, *, limit: int) -> str:
    """Rows of answer, distinct id, person and time, the newest first."""
    return (
        "SELECT answer_0, distinct_id, toString(person), answered_at "  # noqa: S608
        f"FROM ({_responses(scope, [question])}) WHERE answer_0 != '' "
        f"ORDER BY answered_at DESC, answer_0 LIMIT {int(limit)}"
    )


def responses_by_survey_sql() -> str:
    """Rows of a survey's id and its responses."""
    return (
        "SELECT survey, count() "  # noqa: S608
        f"FROM ({_responses(SurveyScope())}) GROUP BY survey ORDER BY survey LIMIT {SURVEYS_MAX}"
    )


def response_rows_sql(
    scope: SurveyScope, questions: Sequence[AskedQuestion], *, limit: int, offset: int
) -> str:
    """Rows of time, distinct id, person and an answer to each question, the newest first."""
    answers = "".join(f", answer_{number}" for number in range(len(questions)))
    return (
        f"SELECT answered_at, distinct_id, toString(person){answers} "  # noqa: S608
        f"FROM ({_responses(scope, questions)}) "
        f"ORDER BY answered_at DESC, submission LIMIT {int(limit)} OFFSET {int(offset)}"
    )


def _responses(scope: SurveyScope, questions: Sequence[AskedQuestion] = ()) -> str:
    """A row for each response: of those with one submission id, the latest."""
    newest = "tuple(timestamp, uuid)"
    answers = "".join(
        f", argMax({_answer(question)}, {newest}) AS answer_{number}"
        for number, question in enumerate(questions)
    )
    return (
        f"SELECT argMax(person_id, {newest}) AS person, "  # noqa: S608
        f"argMax(distinct_id, {newest}) AS distinct_id, max(timestamp) AS answered_at, "
        f"any(properties['$survey_id']) AS survey, max(toString(uuid)) AS submission{answers} "
        "FROM events "
        f"WHERE event = '{SENT}'{_conditions(scope)} "
        f"GROUP BY if(empty({_SUBMISSION}), concat('event ', toString(uuid)), "
        f"concat(ifNull(properties['$survey_id'], ''), ' ', {_SUBMISSION}))"
    )


def _conditions(scope: SurveyScope) -> str:
    conditions = ["properties['$survey_id'] != ''"]
    if scope.survey_id is not None:
        conditions = [f"properties['$survey_id'] = {text_literal(scope.survey_id)}"]
    if scope.iteration is not None:
        conditions.append(f"properties['$survey_iteration'] = '{int(scope.iteration)}'")
    if scope.after is not None:
        conditions.append(f"timestamp >= toDateTime64({text_literal(scope.after)}, 6, 'UTC')")
    if scope.before is not None:
        conditions.append(f"timestamp <= toDateTime64({text_literal(scope.before)}, 6, 'UTC')")
    return "".join(f" AND {condition}" for condition in conditions)


def _answer(question: AskedQuestion) -> str:
    """The first that is not empty: under the question's id, then under its place; else empty."""
    if question.id is not None:
        by_id = _given(f"properties[{text_literal('$survey_response_' + question.id)}]")
    else:
        place = (question.index or 0) + 1
        own_id = f"JSONExtract(properties, '$survey_questions', {place}, 'id', 'String')"
        by_id = _given(_property_named(f"concat('$survey_response_', {own_id})"))
    if question.index is not None:
        by_place = _given(f"properties['{_place_key(question.index)}']")
    else:
        by_place = _given(_property_named(_own_place_key(question.id or "")))
    return f"coalesce({by_id}, {by_place}, '')"


def _place_key(index: int) -> str:
    return "$survey_response" if index == 0 else f"$survey_response_{int(index)}"


def _own_place_key(question_id: str) -> str:
    """The place that the event's own list gives the question; the first where it is not in it."""
    ids = (
        "arrayMap(item -> JSONExtract(item, 'id', 'String'), "
        "JSONExtractArrayRaw(properties, '$survey_questions'))"
    )
    place = f"indexOf({ids}, {text_literal(question_id)})"
    return (
        f"if({place} <= 1, '$survey_response', concat('$survey_response_', toString({place} - 1)))"
    )


def _property_named(name: str) -> str:
    return f"JSONExtract(properties, {name}, 'Nullable(String)')"


def _given(value: str) -> str:
    """NULL for an answer that is empty: no text, or no choice."""
    return f"nullIf(nullIf({value}, ''), '[]')"
