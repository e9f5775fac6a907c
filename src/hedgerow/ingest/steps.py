"""The steps every event passes, in this order (ingestion §1).

Before them, `batch.py` drops what is a duplicate: a resent event must change nothing. After them
it learns the definitions and makes the row.

Most steps concern few events. Which do is stated here, by the names of the event or of its
properties, so that all others are spared the call. A property test holds both ways equal.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Final, NamedTuple

from hedgerow.ingest.ai_events import AI_EVENTS, prepare_ai_event
from hedgerow.ingest.context import StepContext
from hedgerow.ingest.cookieless import identify_cookieless
from hedgerow.ingest.enrichment import USER_AGENT, add_bot, add_place
from hedgerow.ingest.event import Drop, IngestEvent
from hedgerow.ingest.event_uuids import check_uuid
from hedgerow.ingest.flag_called import FLAG_CALLED, trim_flag_called
from hedgerow.ingest.groups import GROUPS, assign_groups, check_group_key
from hedgerow.ingest.heatmaps import HEATMAP_PROPERTIES, take_heatmap
from hedgerow.ingest.merge import MERGED_IDS, check_merge_ids, merge_persons
from hedgerow.ingest.parse import (
    REPLAY_EVENTS,
    check_age,
    check_distinct_id,
    check_timestamp,
    decode_properties,
    divert_lanes,
    name_event,
)
from hedgerow.ingest.persons import decide_personless, lift_properties, resolve_person
from hedgerow.ingest.prepare import BLOAT, ELEMENTS, add_request, chain_elements, drop_bloat
from hedgerow.ingest.property_names import REMEMBERED, PropertyNames
from hedgerow.ingest.session_ids import SESSION_IDS, check_session_id
from hedgerow.people.groups import GROUP_IDENTIFY
from hedgerow.people.merging import MERGE_EVENTS
from hedgerow.people.personless import FLAG
from hedgerow.wire.record import LANE_EXCEPTIONS, LANE_HISTORICAL, LANE_MAIN

Run = Callable[[IngestEvent, StepContext], Drop | None]
_NONE: Final[frozenset[str]] = frozenset()


class Step(NamedTuple):
    """Concerns every event, unless it names events or properties: then those that have such a
    name. Events that need care pass it in any case.
    """

    run: Run
    properties: frozenset[str] | None = None
    events: frozenset[str] = _NONE


# They come first: what they find out decides about the others.
READING_STEPS: Final = (name_event, decode_properties)
STEPS: Final = (
    Step(identify_cookieless, _NONE),
    Step(divert_lanes, _NONE, REPLAY_EVENTS),
    Step(check_distinct_id),
    Step(check_group_key, _NONE, frozenset((GROUP_IDENTIFY,))),
    Step(check_merge_ids, MERGED_IDS),
    Step(check_timestamp),
    Step(check_age, _NONE),
    Step(check_uuid),
    Step(decide_personless, frozenset((FLAG,))),
    Step(add_place),
    Step(add_bot, frozenset((USER_AGENT,))),
    Step(lift_properties),
    Step(merge_persons, _NONE, MERGE_EVENTS),
    Step(resolve_person),
    Step(drop_bloat, BLOAT),
    Step(add_request),
    Step(check_session_id, SESSION_IDS),
    Step(take_heatmap, HEATMAP_PROPERTIES),
    Step(prepare_ai_event, _NONE, AI_EVENTS),
    Step(trim_flag_called, _NONE, frozenset((FLAG_CALLED,))),
    Step(assign_groups, GROUPS, frozenset((GROUP_IDENTIFY,))),
    Step(chain_elements, ELEMENTS),
)

_NAMED_EVENTS: Final = frozenset().union(*(step.events for step in STEPS))
_ORDINARY_LANES: Final = frozenset((LANE_MAIN, LANE_HISTORICAL, LANE_EXCEPTIONS))
_ALL: Final[tuple[Run, ...]] = tuple(step.run for step in STEPS)


def steps_of(event: IngestEvent) -> tuple[Run, ...]:
    """The steps after the reading ones that may do something to the event."""
    logged = event.logged
    if (
        event.needs_care
        or logged.cookieless
        or logged.force_disable_person_processing
        or logged.event in _NAMED_EVENTS
        or logged.lane not in _ORDINARY_LANES
        or event.names is None
    ):
        return _ALL
    return _ordinary_steps(event.names)


@lru_cache(maxsize=REMEMBERED)
def _ordinary_steps(names: PropertyNames) -> tuple[Run, ...]:
    return tuple(
        step.run
        for step in STEPS
        if step.properties is None or not step.properties.isdisjoint(names.all)
    )
