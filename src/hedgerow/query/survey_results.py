"""A survey's results, put together from the rows of its questions (ingestion §14)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from hedgerow.query.runner import QueryRunner
from hedgerow.query.sql import prepare
from hedgerow.query.surveys import (
    DISMISSED,
    SENT,
    SHOWN,
    AskedQuestion,
    SurveyScope,
    answer_counts_sql,
    dismissed_and_answered_sql,
    open_answers_sql,
    response_rows_sql,
    responses_by_survey_sql,
    responses_sql,
    seen_and_dismissed_sql,
)

# Runs one statement of a user's SQL and returns its rows.
RunSql = Callable[[str], list[list[Any]]]

OPEN_ANSWERS_SHOWN: Final = 100
PROMOTER_FROM: Final = 9
DETRACTOR_UP_TO: Final = 6
NPS_SCALE: Final = 10


@dataclass(frozen=True, slots=True)
class EventCount:
    """Of one event: how often, by how many persons, and when; times are ISO text."""

    total: int = 0
    persons: int = 0
    first_seen: str | None = None
    last_seen: str | None = None


@dataclass(frozen=True, slots=True)
class SurveyCounts:
    """`dismissed.persons` are those who did not answer."""

    shown: EventCount
    dismissed: EventCount
    sent: EventCount


def run_on_project(runner: QueryRunner, project_id: int) -> RunSql:
    """Runs statements over one project's events (blocking). Raises `QueryError`."""
    return lambda sql: runner.run(prepare(sql, project_id=project_id)).rows


def survey_counts(run: RunSql, scope: SurveyScope) -> SurveyCounts:
    rows = {row[0]: EventCount(*row[1:]) for row in run(seen_and_dismissed_sql(scope))}
    dismissed = rows.get(DISMISSED, EventCount())
    sent = _sent(run(responses_sql(scope))[0])
    both = int(run(dismissed_and_answered_sql(scope))[0][0]) if dismissed.persons else 0
    return SurveyCounts(
        shown=rows.get(SHOWN, EventCount()),
        dismissed=EventCount(
            dismissed.total, dismissed.persons - both, dismissed.first_seen, dismissed.last_seen
        ),
        sent=sent,
    )


def _sent(row: list[Any]) -> EventCount:
    return EventCount(*row) if row[0] else EventCount()


def counts_object(counts: SurveyCounts) -> dict[str, Any]:
    """Stats and rates in PostHog's shape."""
    shown, dismissed, sent = counts.shown, counts.dismissed, counts.sent
    return {
        "stats": {
            SHOWN: {
                **_count_object(shown),
                "total_count_only_seen": max(0, shown.total - dismissed.total - sent.total),
                "unique_persons_only_seen": max(
                    0, shown.persons - dismissed.persons - sent.persons
                ),
            },
            DISMISSED: _count_object(dismissed),
            SENT: _count_object(sent),
        },
        "rates": {
            "response_rate": rate(sent.total, shown.total),
            "dismissal_rate": rate(dismissed.total, shown.total),
            "unique_users_response_rate": rate(sent.persons, shown.persons),
            "unique_users_dismissal_rate": rate(dismissed.persons, shown.persons),
        },
    }


def _count_object(count: EventCount) -> dict[str, Any]:
    return {
        "total_count": count.total,
        "unique_persons": count.persons,
        "first_seen": count.first_seen,
        "last_seen": count.last_seen,
    }


def rate(part: int, whole: int) -> float:
    """In percent with two decimals; 0 of nothing."""
    return round(part / whole * 100, 2) if whole else 0.0


def question_results(
    run: RunSql, scope: SurveyScope, question: Mapping[str, Any], index: int
) -> dict[str, Any]:
    """The answers to one question of the survey's definition, by what its type can show."""
    asked = AskedQuestion(id=question.get("id"), index=index)
    kind = question["type"]
    about = {"id": question.get("id"), "type": kind, "question": question["question"]}
    if kind in ("open", "link"):
        rows = run(open_answers_sql(scope, asked, limit=OPEN_ANSWERS_SHOWN))
        return {**about, "answers": [_open_answer(row) for row in rows]}
    multiple = kind == "multiple_choice"
    counts = {
        str(row[0]): int(row[1]) for row in run(answer_counts_sql(scope, asked, multiple=multiple))
    }
    if kind == "rating":
        return {**about, **rating_results(counts, int(question.get("scale") or NPS_SCALE))}
    return {**about, **choice_results(counts, question.get("choices") or [])}


def _open_answer(row: list[Any]) -> dict[str, Any]:
    answer, distinct_id, person_id, answered_at = row
    return {
        "answer": answer,
        "distinct_id": distinct_id,
        "person_id": person_id,
        "timestamp": answered_at,
    }


def response_counts(run: RunSql) -> dict[str, int]:
    """How many responses each survey has; those without any are left out."""
    return {str(survey): int(count) for survey, count in run(responses_by_survey_sql())}


def responses_page(
    run: RunSql,
    scope: SurveyScope,
    questions: Sequence[Mapping[str, Any]],
    *,
    limit: int,
    offset: int,
) -> list[dict[str, Any]]:
    """Whole responses, the newest first; answers are texts by the id of their question."""
    asked = [AskedQuestion(id=item["id"], index=index) for index, item in enumerate(questions)]
    rows = run(response_rows_sql(scope, asked, limit=limit, offset=offset))
    return [
        {
            "timestamp": answered_at,
            "distinct_id": distinct_id,
            "person_id": person_id,
            "answers": {
                item["id"]: answer
                for item, answer in zip(questions, answers, strict=True)
                if answer != ""
            },
        }
        for answered_at, distinct_id, person_id, *answers in rows
    ]


def choice_results(counts: Mapping[str, int], choices: list[str]) -> dict[str, Any]:
    """Each choice in its order, then what is none of them."""
    other = {answer: count for answer, count in counts.items() if answer not in choices}
    return {
        "total": sum(counts.values()),
        "choices": [{"choice": choice, "count": counts.get(choice, 0)} for choice in choices],
        "other": sum(other.values()),
        "other_answers": [{"answer": answer, "count": count} for answer, count in other.items()],
    }


def rating_results(counts: Mapping[str, int], scale: int) -> dict[str, Any]:
    """A count for each value, and the average; the score of a scale from 0 to 10."""
    lowest = 0 if scale == NPS_SCALE else 1
    values = dict.fromkeys(range(lowest, scale + 1), 0)
    for answer, count in counts.items():
        value = _whole_number(answer)
        if value in values:
            values[value] += count
    total = sum(values.values())
    average = sum(value * count for value, count in values.items()) / total if total else None
    results: dict[str, Any] = {
        "total": total,
        "average": None if average is None else round(average, 2),
        "counts": [{"value": value, "count": count} for value, count in values.items()],
    }
    return {**results, "nps": net_promoter_score(values)} if scale == NPS_SCALE else results


def net_promoter_score(counts: Mapping[int, int]) -> dict[str, Any]:
    """Promoters say 9 or 10, detractors 6 or less; the score has one decimal."""
    total = sum(counts.values())
    promoters = sum(count for value, count in counts.items() if value >= PROMOTER_FROM)
    detractors = sum(count for value, count in counts.items() if value <= DETRACTOR_UP_TO)
    score = round((promoters - detractors) / total * 100, 1) if total else 0.0
    return {
        "promoters": promoters,
        "passives": total - promoters - detractors,
        "detractors": detractors,
        "score": score,
    }


def _whole_number(text: str) -> int | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return int(number) if number.is_integer() else None


def survey_summary(run: RunSql, query: Mapping[str, Any]) -> dict[str, Any]:
    """The answer to an `x-survey-summary` query: people by what they did, and one question.

    `query` has `survey_id`, and `question_id` or `question_index`; `question_type` multiple_choice
    or rating changes how answers are counted.
    """
    scope = SurveyScope(
        survey_id=query["survey_id"],
        iteration=query.get("iteration"),
    )
    counts = survey_counts(run, scope)
    asked = AskedQuestion(id=query.get("question_id"), index=query.get("question_index"))
    multiple = query.get("question_type") == "multiple_choice"
    rows = run(answer_counts_sql(scope, asked, multiple=multiple))
    answers = {str(answer): int(count) for answer, count in rows}
    results = {
        "shown": counts.shown.persons,
        "dismissed_only": counts.dismissed.persons,
        "sent": counts.sent.persons,
        "response_rate_pct": rate(counts.sent.persons, counts.shown.persons),
        "dismissal_rate_pct": rate(counts.dismissed.persons, counts.shown.persons),
        "answers": answers,
    }
    if query.get("question_type") == "rating":
        scale = int(query.get("scale") or NPS_SCALE)
        results |= rating_results(answers, scale)
    return {"results": results}
