"""CSS selectors on the clicked element and what holds it."""

from typing import Any

import pytest

from hedgerow.ingest.elements import elements_chain
from hedgerow.query.insights.selectors import WrongSelectorError, selector_pattern
from hedgerow.store.client import connect
from hedgerow.store.event_store import ChdbEventStore
from hedgerow.testing.insight_vectors import VectorEngine, VectorFailedError, insight_instance

_PROJECT_ID = 981_001
_HEADERS = {"authorization": "Bearer phl_vector"}

# The icon that was clicked, in a button, in a form.
CLICK: list[dict[str, Any]] = [
    {"tag_name": "i", "nth_child": 2, "nth_of_type": 1},
    {
        "tag_name": "button",
        "$el_text": 'Buy "now"; here',
        "attr__class": ["primary", "buy", "md:flex"],
        "attr__id": "buy-1",
        "attr__data-attr": "a;form:b",
        "nth_child": 1,
        "nth_of_type": 1,
    },
    {"tag_name": "div", "attr__class": "row", "nth_child": 3, "nth_of_type": 2},
    {"tag_name": "form", "attr__name": "cart", "nth_child": 1, "nth_of_type": 1},
]


@pytest.fixture(scope="module")
def counted(event_store: ChdbEventStore) -> Any:
    """Whether the one click is counted with a filter."""
    click = {
        "event": "$autocapture",
        "distinct_id": "ada",
        "timestamp": "2026-03-02T10:00:00Z",
        "properties": {"$elements": CLICK},
    }
    engine = VectorEngine(event_store, lambda: connect(event_store._folder))
    with insight_instance(engine, _PROJECT_ID, {"events": [click]}) as world:

        def count(value: Any, operator: str = "exact", **series: Any) -> int:
            filters = [{"type": "element", "key": "selector", "value": value, "operator": operator}]
            query = {
                "kind": "TrendsQuery",
                "series": [series or {"kind": "EventsNode", "event": "$autocapture"}],
                "dateRange": {"date_from": "2026-03-02", "date_to": "2026-03-02"},
                "properties": [] if series else filters,
            }
            return int(world.answer(query)["results"][0]["count"])

        count.world = world  # type: ignore[attr-defined]
        yield count


@pytest.mark.parametrize(
    ("selector", "is_met"),
    [
        ("i", True),
        ("button", True),
        ("a", False),
        ("*", True),
        ("BUTTON.buy", True),
        (".primary.buy", True),
        (".buy.other", False),
        (".prim", False),
        (r".md\:flex", True),
        ("#buy-1", True),
        ("#buy", False),
        ("button[data-attr]", True),
        ('button[data-attr="a;form:b"]', True),
        ("[data-attr='a']", False),
        ("[name=cart]", True),
        ("form button", True),
        ("form > button", False),
        ("form > div > button", True),
        ("form div i", True),
        ("button form", False),
        ("div.row > button#buy-1.buy > i:nth-child(2)", True),
        ("i:nth-child(1)", False),
        ("div:nth-of-type(2)", True),
        ("a, form", True),
        ("a, table", False),
        # What stands inside an attribute's value is no element.
        ("form:nth-child(9)", False),
        ("here", False),
    ],
)
def test_a_selector_is_met_by_any_element_of_the_chain(
    counted: Any, selector: str, is_met: bool
) -> None:
    assert counted(selector) == is_met
    assert counted(selector, "is_not") == (not is_met)


def test_any_of_several_selectors_is_enough(counted: Any) -> None:
    assert counted(["a", "button"]) == 1
    assert counted(["a", "button"], "is_not") == 0


def test_an_action_may_be_a_selector(counted: Any) -> None:
    base = f"/api/projects/{_PROJECT_ID}/actions/"
    step = {"event": "$autocapture", "selector": "form .buy"}
    body = {"name": "Bought", "steps": [step]}
    made = counted.world._client.post(base, headers=_HEADERS, json=body).json()

    assert counted("", kind="ActionsNode", id=made["id"]) == 1


@pytest.mark.parametrize(
    ("step", "attribute"),
    [
        ({"selector": "a:hover"}, "steps.0.value"),
        ({"url": "(", "url_matching": "regex"}, "steps.0.value"),
        ({"properties": [{"key": "a"}]}, "steps.0.value"),
    ],
)
def test_an_action_that_nothing_could_match_is_refused(
    counted: Any, step: dict[str, Any], attribute: str
) -> None:
    body = {"name": "Wrong", "steps": [step]}
    refused = counted.world._client.post(
        f"/api/projects/{_PROJECT_ID}/actions/", headers=_HEADERS, json=body
    )

    assert (refused.status_code, refused.json()["attr"]) == (400, attribute)


@pytest.mark.parametrize("selector", ["", "a,", "> a", "a >", "a + b", "a:hover", "a[b", "a{}"])
def test_what_is_no_selector_is_refused_by_name(counted: Any, selector: str) -> None:
    with pytest.raises(VectorFailedError, match=r"query\.properties\.0\.value"):
        counted(selector)


def test_a_pattern_needs_nothing_that_the_engine_lacks() -> None:
    chain = elements_chain(CLICK)

    assert chain.count(";") > len(CLICK) - 1
    assert "(?=" not in selector_pattern("form > .buy [a]")
    with pytest.raises(WrongSelectorError):
        selector_pattern("a::before")
