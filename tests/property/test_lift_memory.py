"""Remembering what was lifted changes nothing of what is lifted."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from hedgerow.core import json
from hedgerow.ingest.lift_memory import LiftMemory
from hedgerow.ingest.property_names import property_names
from hedgerow.people.person_properties import lift

PROPERTIES = st.dictionaries(
    st.sampled_from(["$os", "$os_name", "$browser", "$is_server", "$screen_width", "other"]),
    st.sampled_from(["Linux", "", 0, 1, 1.0, -0.0, 0.0, True, False, None, [1], {"a": 1}]),
)
EVENTS = st.lists(
    st.tuples(st.sampled_from(["ada", "bob"]), st.sampled_from(["e", "$snapshot"]), PROPERTIES)
)


@given(EVENTS)
def test_an_event_is_lifted_as_if_it_were_the_only_one(
    events: list[tuple[str, str, dict[str, Any]]],
) -> None:
    memory = LiftMemory()
    for distinct_id, event, properties in events:
        alone = dict(properties)
        set_: dict[str, Any] = {}
        set_once: dict[str, Any] = {}
        lift(event, alone, set_, set_once)

        lifted = memory.lift(1, distinct_id, event, properties, property_names(properties))

        # As text, since true equals 1 here but not there.
        assert json.encode([*lifted, properties]) == json.encode([set_, set_once, alone])
