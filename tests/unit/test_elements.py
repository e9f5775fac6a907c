"""Clicked elements are told apart again from the line of text that they are kept as."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hedgerow.api.elements import elements_of
from hedgerow.ingest.elements import elements_chain

_CLASS = st.from_regex(r"[a-z][a-z0-9:/-]{0,8}", fullmatch=True)
_TEXT = st.text('ab ;:="#<é.', min_size=1, max_size=12)
_element = st.fixed_dictionaries(
    {
        "tag_name": st.sampled_from(["a", "button", "my-card"]),
        "nth_child": st.integers(1, 9),
        "nth_of_type": st.integers(1, 9),
    },
    optional={
        "$el_text": _TEXT,
        "attr__href": _TEXT,
        "attr__id": _TEXT,
        "attr__data-attr": _TEXT,
        "attr__class": st.lists(_CLASS, min_size=1, max_size=3, unique=True).map(sorted),
    },
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(_element, max_size=4))
def test_elements_come_back_as_they_were_sent(elements: list[dict[str, Any]]) -> None:
    found = elements_of(elements_chain(elements))

    assert len(found) == len(elements)
    for order, (sent, item) in enumerate(zip(elements, found, strict=True)):
        assert item["order"] == order
        assert item["tag_name"] == sent["tag_name"]
        assert item["nth_child"] == sent["nth_child"]
        assert item["text"] == sent.get("$el_text")
        assert item["href"] == sent.get("attr__href")
        assert item["attr_id"] == sent.get("attr__id")
        assert item["attr_class"] == sent.get("attr__class")
        assert item["attributes"].get("attr__data-attr") == sent.get("attr__data-attr")


def test_what_is_no_chain_has_no_elements() -> None:
    assert elements_of("") == []
    assert elements_of("no colon at all") == []
