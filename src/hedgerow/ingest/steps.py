"""The steps every event passes, in this order (ingestion §1).

Before them, `batch.py` drops what is a duplicate: a resent event must change nothing. After them
it learns the definitions and makes the row.
"""

from collections.abc import Callable
from typing import Final

from hedgerow.ingest.ai_events import AI_EVENTS, prepare_ai_event
from hedgerow.ingest.context import StepContext
from hedgerow.ingest.cookieless import identify_cookieless
from hedgerow.ingest.enrichment import enrich
from hedgerow.ingest.event import Drop, IngestEvent
from hedgerow.ingest.event_uuids import check_uuid
from hedgerow.ingest.flag_called import FLAG_CALLED, trim_flag_called
from hedgerow.ingest.groups import assign_groups, check_group_key
from hedgerow.ingest.heatmaps import take_heatmap
from hedgerow.ingest.merge import check_merge_ids, merge_persons
from hedgerow.ingest.parse import (
    check_age,
    check_distinct_id,
    check_timestamp,
    decode_properties,
    divert_lanes,
    name_event,
)
from hedgerow.ingest.persons import decide_personless, lift_properties, resolve_person
from hedgerow.ingest.prepare import chain_elements, prepare_properties
from hedgerow.ingest.session_ids import check_session_id
from hedgerow.people.groups import GROUP_IDENTIFY
from hedgerow.people.merging import MERGE_EVENTS

Step = Callable[[IngestEvent, StepContext], Drop | None]

STEPS: Final[tuple[Step, ...]] = (
    name_event,
    decode_properties,
    identify_cookieless,
    divert_lanes,
    check_distinct_id,
    check_group_key,
    check_merge_ids,
    check_timestamp,
    check_age,
    check_uuid,
    decide_personless,
    enrich,
    lift_properties,
    merge_persons,
    resolve_person,
    prepare_properties,
    check_session_id,
    take_heatmap,
    prepare_ai_event,
    trim_flag_called,
    assign_groups,
    chain_elements,
)

# What only events of these names pass, and cookieless ones; the others are spared the calls.
NAMED_EVENTS: Final = MERGE_EVENTS | AI_EVENTS | {GROUP_IDENTIFY, FLAG_CALLED}
_OF_NAMED_EVENTS: Final = (
    *(identify_cookieless, check_group_key, merge_persons, prepare_ai_event, trim_flag_called),
)
ORDINARY_STEPS: Final[tuple[Step, ...]] = tuple(
    step for step in STEPS if step not in _OF_NAMED_EVENTS
)
