"""Surveys in PostHog's shape."""

from typing import Any

from msgspec import to_builtins

from hedgerow.api.flag_presenters import flag_object
from hedgerow.api.times import shown_time
from hedgerow.directory.feature_flags import FeatureFlag
from hedgerow.directory.survey_presenter import iteration_starts
from hedgerow.directory.surveys import Survey


def survey_object(survey: Survey, flags: dict[int, FeatureFlag], now_us: int) -> dict[str, Any]:
    """`flags` has the survey's flags by id."""
    body: dict[str, Any] = to_builtins(survey.body)
    starts = iteration_starts(survey.body)
    begun = [text for start_us, text in starts if start_us <= now_us]
    linked = flags.get(survey.body.linked_flag_id or 0)
    targeting = flags.get(survey.body.targeting_flag_id or 0)
    return {
        "id": survey.id,
        **body,
        "linked_flag": None if linked is None else flag_object(linked),
        "targeting_flag": None if targeting is None else flag_object(targeting),
        "internal_targeting_flag": None,
        "feature_flag_keys": [
            {"key": name, "value": None if flag is None else flag.key}
            for name, flag in (("linked_flag_key", linked), ("targeting_flag_key", targeting))
        ],
        "iteration_start_dates": [text for _, text in starts] or None,
        "current_iteration": len(begun) or None,
        "current_iteration_start_date": begun[-1] if begun else None,
        "archived": survey.is_archived,
        "created_by": None,
        "created_at": shown_time(survey.created_at_us),
        "updated_at": shown_time(survey.updated_at_us),
    }
