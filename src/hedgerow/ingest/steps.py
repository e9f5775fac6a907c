"""The steps every event passes, in this order (ingestion §1).

Before them, `batch.py` drops what is a duplicate: a resent event must change nothing. After them
it learns the definitions and makes the row.
"""

from collections.abc import Callable
from typing import Final

from hedgerow.ingest.context import StepContext
from hedgerow.ingest.event import Drop, IngestEvent
from hedgerow.ingest.parse import (
    check_distinct_id,
    check_timestamp,
    decode_properties,
    divert_lanes,
    name_event,
)
from hedgerow.ingest.persons import decide_personless, lift_properties, resolve_person
from hedgerow.ingest.prepare import chain_elements, prepare_properties

Step = Callable[[IngestEvent, StepContext], Drop | None]

STEPS: Final[tuple[Step, ...]] = (
    name_event,
    decode_properties,
    divert_lanes,
    check_distinct_id,
    check_timestamp,
    decide_personless,
    lift_properties,
    # Merging persons ($identify, $create_alias, $merge_dangerously) has its place here.
    resolve_person,
    prepare_properties,
    # Group types and group properties have their place here.
    chain_elements,
)
