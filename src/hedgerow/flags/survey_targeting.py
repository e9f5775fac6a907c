"""The flag that leaves out who has answered a survey (sdk-contract §8.4).

It is not stored: it follows from the survey. Browsers remember by themselves what was answered in
them; by the flag a person is not asked again on another device.
"""

import zlib
from typing import Final

from hedgerow.flags.definition import Condition, Filters, FlagDefinition, PropertyFilter

SURVEY_FLAG_PREFIX: Final = "survey-targeting-"
# Properties that SDKs set on a person with the events `survey sent` and `survey dismissed`.
_ENDED: Final = ("$survey_responded", "$survey_dismissed")


def internal_targeting_key(survey_id: str) -> str:
    return f"{SURVEY_FLAG_PREFIX}{survey_id}-custom"


def internal_targeting_flag(survey_id: str, iteration: int | None) -> FlagDefinition:
    """On for who has neither answered nor dismissed the survey, in its current iteration if any."""
    suffix = f"/{iteration}" if iteration else ""
    untouched = [
        PropertyFilter(key=f"{name}/{survey_id}{suffix}", operator="is_not_set") for name in _ENDED
    ]
    return FlagDefinition(
        id=_flag_id(survey_id),
        key=internal_targeting_key(survey_id),
        name="People who have not answered the survey yet",
        filters=Filters(groups=[Condition(properties=untouched, rollout_percentage=100)]),
        # Better to ask somebody twice than nobody; the same browser does not ask again anyway.
        may_be_guessed=True,
    )


def _flag_id(survey_id: str) -> int:
    """SDKs want a number of at most 31 bits; far from those of stored flags."""
    return 1 << 30 | zlib.crc32(survey_id.encode()) >> 2
