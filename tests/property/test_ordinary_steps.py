"""An event that is spared steps comes out as if it had passed them all."""

import tempfile
import uuid
from pathlib import Path
from typing import Any
from unittest.mock import patch

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hedgerow.core import json
from hedgerow.directory.project_settings import ProjectSettings
from hedgerow.ingest import batch
from hedgerow.ingest.dedupe import dedupe_key
from hedgerow.ingest.event import IngestEvent
from hedgerow.ingest.property_names import property_names
from hedgerow.ingest.steps import STEPS, steps_of
from hedgerow.wire.lanes import event_lane
from hedgerow.wire.record import LoggedEvent, LoggedRequest, encode_request

from .ingest_harness import NOW_US, TOKEN, ListStore, ingest, state

# Every name that any step looks at, and some that none does.
NAMES = sorted(
    set().union(*(step.properties or () for step in STEPS)) | {"$browser", "$os", "plan"}
)
EVENTS = sorted(set().union(*(step.events for step in STEPS)) | {"$exception", "$$heatmap", "x"})
VALUES = st.sampled_from(
    [
        *("", "a", "018eebf3-79cd-70da-895f-B6CF352BD688", "nul\0", 1, 1.5, True, False, None),
        *(["a"], {"company": "k"}, [{"tag_name": "a"}], {"https://a/": [{"x": 1, "y": 2}]}),
    ]
)
SENT = st.tuples(
    st.sampled_from(EVENTS),
    st.sampled_from(["ada", "bob"]),
    st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=6),
)


def logged(number: int, event: str, distinct_id: str, properties: dict[str, Any]) -> LoggedEvent:
    return LoggedEvent(
        uuid=str(uuid.UUID(int=number + 1, version=4)),
        event=event,
        distinct_id=distinct_id,
        timestamp_us=NOW_US,
        lane=event_lane(event, historical=False),
        properties=msgspec.Raw(json.encode(properties)),
    )


def stored(payloads: list[bytes]) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as name:
        store = ListStore()
        return state(ingest(Path(name), store, payloads, [len(payloads)]), store)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(sent=st.lists(SENT, min_size=1, max_size=8))
def test_steps_that_are_left_out_would_have_done_nothing(
    sent: list[tuple[str, str, dict[str, Any]]],
) -> None:
    payloads = [
        encode_request(
            LoggedRequest(1, TOKEN, NOW_US, NOW_US, "203.0.113.1", "/e/", "", False, [event], [])
        )
        for event in (logged(number, *item) for number, item in enumerate(sent))
    ]
    with patch.object(batch, "_needs_care", lambda _settings: True):
        expected = stored(payloads)
    assert stored(payloads) == expected


def test_an_ordinary_event_is_spared_most_steps() -> None:
    sent = logged(0, "$pageview", "ada", {"$browser": "Firefox", "plan": "pro"})
    request = LoggedRequest(1, TOKEN, NOW_US, None, "", "/e/", "", False, [sent], [])
    event = IngestEvent(1, request, sent, 0, 0, ProjectSettings(), dedupe_key(1, sent), False)
    event.names = property_names(json.decode(sent.properties))

    assert len(steps_of(event)) * 3 < len(STEPS)
    event.needs_care = True
    assert len(steps_of(event)) == len(STEPS)
