"""Which published surveys run at a moment, and in which iteration (sdk-contract §8.4)."""

from typing import Any, Final

from msgspec import Struct

from hedgerow.flags.definition import FlagDefinition
from hedgerow.flags.survey_targeting import internal_targeting_flag

DAY_US: Final = 86_400 * 1_000_000


class PublishedSurvey(Struct, frozen=True):
    """`shown` is the survey as SDKs read it. Times are microseconds since 1970.

    `iteration_starts` has a start date, in both forms, for every time it is asked again.
    """

    shown: dict[str, Any]
    start_us: int
    end_us: int | None
    iteration_starts: list[tuple[int, str]]


def running_surveys(surveys: list[PublishedSurvey], now_us: int) -> list[dict[str, Any]]:
    """Those that have started and not ended."""
    return [
        {**survey.shown, **_iteration(survey, now_us)}
        for survey in surveys
        if survey.start_us <= now_us and (survey.end_us is None or now_us < survey.end_us)
    ]


def survey_flags(surveys: list[PublishedSurvey], now_us: int) -> list[FlagDefinition]:
    """The flags that these surveys bring along, but for those that have ended."""
    return [
        internal_targeting_flag(survey.shown["id"], len(_begun(survey, now_us)) or None)
        for survey in surveys
        if survey.shown["internal_targeting_flag_key"] is not None
        and (survey.end_us is None or now_us < survey.end_us)
    ]


def _iteration(survey: PublishedSurvey, now_us: int) -> dict[str, Any]:
    """Iterations count from 1; a survey that is asked once has none."""
    begun = _begun(survey, now_us)
    return {
        "current_iteration": len(begun) or None,
        "current_iteration_start_date": begun[-1] if begun else None,
    }


def _begun(survey: PublishedSurvey, now_us: int) -> list[str]:
    """The start dates of the iterations that have begun."""
    return [text for start_us, text in survey.iteration_starts if start_us <= now_us]
