"""A survey as SDKs read it (sdk-contract §8.4)."""

from collections.abc import Mapping
from typing import Final

from hedgerow.directory.survey_body import SurveyBody
from hedgerow.directory.surveys import Survey
from hedgerow.flags.running_surveys import DAY_US, PublishedSurvey
from hedgerow.flags.survey_targeting import internal_targeting_key
from hedgerow.wire.timestamps import format_timestamp, parse_timestamp

_TOLD_AS_IT_IS: Final = (
    *("name", "description", "type", "schedule", "questions", "appearance", "conditions"),
    *("start_date", "end_date", "enable_partial_responses", "translations"),
)


def published_survey(survey: Survey, flag_keys: Mapping[int, str]) -> PublishedSurvey:
    """`survey` has been started. `flag_keys` maps a flag's id to its key."""
    body = survey.body
    start_us = parse_timestamp(body.start_date or "")
    assert start_us is not None, "it was checked when it was written"
    linked = flag_keys.get(body.linked_flag_id or 0)
    targeting = flag_keys.get(body.targeting_flag_id or 0)
    return PublishedSurvey(
        shown={
            "id": survey.id,
            **{name: getattr(body, name) for name in _TOLD_AS_IT_IS},
            "linked_flag_key": linked,
            "targeting_flag_key": targeting,
            "internal_targeting_flag_key": _internal_targeting_key(survey),
            "feature_flag_keys": [
                {"key": "linked_flag_key", "value": linked},
                {"key": "targeting_flag_key", "value": targeting},
            ],
        },
        start_us=start_us,
        end_us=None if body.end_date is None else parse_timestamp(body.end_date),
        iteration_starts=iteration_starts(body),
    )


def _internal_targeting_key(survey: Survey) -> str | None:
    """None for a survey that anybody may answer again, or that is not shown by an SDK."""
    if survey.body.schedule == "always" or survey.body.type == "external_survey":
        return None
    return internal_targeting_key(survey.id)


def iteration_starts(body: SurveyBody) -> list[tuple[int, str]]:
    """When each iteration starts, in microseconds and as text; none for a survey asked once."""
    start_us = parse_timestamp(body.start_date or "")
    if start_us is None or not body.iteration_count or not body.iteration_frequency_days:
        return []
    step_us = body.iteration_frequency_days * DAY_US
    times = [start_us + number * step_us for number in range(body.iteration_count)]
    return [(time_us, format_timestamp(time_us)) for time_us in times]
