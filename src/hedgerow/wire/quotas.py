"""Which events a spent quota drops (capture-protocol §8.1)."""

from collections.abc import Callable
from enum import StrEnum

from hedgerow.wire.ai_events import is_ai_event


class Resource(StrEnum):
    """What a quota counts. `EVENTS` is everything that none of the others counts."""

    EVENTS = "events"
    RECORDINGS = "recordings"
    EXCEPTIONS = "exceptions"
    SURVEYS = "surveys"
    LLM_EVENTS = "llm_events"


IsLimited = Callable[[Resource, str], bool]

SURVEY_PREFIX = "survey "
_SURVEY_EVENTS = frozenset(("survey sent", "survey shown", "survey dismissed"))


def nothing_is_limited(_resource: Resource, _token: str) -> bool:
    return False


def event_resource(name: str, *, of_product_tour: bool) -> Resource:
    """The quota that an event counts against: its own kind's before the general one.

    So a spent quota of events spares those whose kind has a quota of its own.
    """
    if name == "$exception":
        return Resource.EXCEPTIONS
    if name in _SURVEY_EVENTS and not of_product_tour:
        return Resource.SURVEYS
    return Resource.LLM_EVENTS if is_ai_event(name) else Resource.EVENTS
