"""Insights, dashboards, annotations, cohorts and actions are kept as they were sent."""

from typing import Any

import pytest

QUERY = {"kind": "TrendsQuery", "series": [{"kind": "EventsNode", "event": "hello"}]}
VALID: dict[str, dict[str, Any]] = {
    "insights": {"name": "Signups", "query": QUERY},
    "dashboards": {"name": "Overview"},
    "annotations": {"content": "Launch", "date_marker": "2026-03-01T10:00:00Z"},
    "cohorts": {"name": "Paying", "filters": {"properties": {"type": "AND", "values": []}}},
    "actions": {"name": "Bought", "steps": [{"event": "purchase"}]},
}


def create(api: Any, plural: str, **fields: Any) -> dict[str, Any]:
    answer = api.client.post(api.path(plural), json={**VALID[plural], **fields})
    assert answer.status_code == 201, answer.text
    created: dict[str, Any] = answer.json()
    return created


def listed_ids(api: Any, plural: str, query: str = "") -> list[int]:
    return [item["id"] for item in api.client.get(api.path(plural) + query).json()["results"]]


@pytest.mark.parametrize("plural", VALID)
def test_what_was_made_is_shown_by_id_and_by_short_id(api: Any, plural: str) -> None:
    made = create(api, plural)

    assert VALID[plural].items() <= made.items() or plural in ("actions", "annotations")
    assert made.items() <= api.client.get(api.path(f"{plural}/{made['id']}")).json().items()
    by_short_id = api.client.get(api.path(f"{plural}/{made['short_id']}")).json()
    assert made.items() <= by_short_id.items()
    assert api.client.get(api.path(plural)).json() == {
        "count": 1,
        "next": None,
        "previous": None,
        "results": [made],
    }


@pytest.mark.parametrize("plural", VALID)
def test_a_whole_object_can_be_sent_back_unchanged(api: Any, plural: str) -> None:
    made = create(api, plural)

    answer = api.client.patch(api.path(f"{plural}/{made['id']}"), json=made)

    assert answer.status_code == 200, answer.text
    assert answer.json() == made


@pytest.mark.parametrize("plural", VALID)
def test_a_deleted_one_is_not_listed_and_can_be_brought_back(api: Any, plural: str) -> None:
    made = create(api, plural)
    path = api.path(f"{plural}/{made['id']}")

    assert api.client.delete(path).status_code == 204
    assert listed_ids(api, plural) == []
    assert api.client.get(path).json()["deleted"] is True
    assert api.client.patch(path, json={"deleted": False}).status_code == 200
    assert listed_ids(api, plural) == [made["id"]]


@pytest.mark.parametrize(
    ("plural", "sent", "attribute"),
    [
        ("insights", {"name": "x"}, "query"),
        ("insights", {"query": {}}, "query.kind"),
        ("insights", {"query": QUERY, "name": 5}, "name"),
        ("insights", {"query": QUERY, "colour": "red"}, "colour"),
        ("insights", {"query": QUERY, "dashboards": [424242]}, "dashboards"),
        ("insights", {"query": QUERY, "dashboards": "all"}, "dashboards"),
        ("dashboards", {"name": "x", "tiles": [{"insight": 424242}]}, "tiles.insight"),
        ("dashboards", {"name": "x", "tiles": [{}]}, "tiles"),
        ("dashboards", {"name": "x", "deleted": "yes"}, "deleted"),
        ("annotations", {"content": "x", "date_marker": "soon"}, "date_marker"),
        ("annotations", {"content": "", "date_marker": "2026-01-01"}, "content"),
        ("annotations", {"content": "x", "date_marker": "2026-01-01", "scope": "all"}, "scope"),
        ("cohorts", {"is_static": True}, "name"),
        ("actions", {"name": "x", "steps": [{"text_matching": "fuzzy"}]}, "steps[0].text_matching"),
    ],
)
def test_a_wrong_field_is_refused_and_named(
    api: Any, plural: str, sent: dict[str, Any], attribute: str
) -> None:
    answer = api.client.post(api.path(plural), json=sent)

    assert (answer.status_code, answer.json()["attr"]) == (400, attribute)
    assert listed_ids(api, plural) == []


def test_a_refused_change_changes_nothing(api: Any) -> None:
    made = create(api, "insights")
    path = api.path(f"insights/{made['id']}")

    assert api.client.patch(path, json={"name": "new", "favorited": "yes"}).status_code == 400
    assert made.items() <= api.client.get(path).json().items()


def test_lists_are_searched_and_paged_newest_first(api: Any) -> None:
    ids = [create(api, "actions", name=f"Buy {n}")["id"] for n in range(3)]
    create(api, "actions", name="Sell")

    assert listed_ids(api, "actions", "?search=bUy") == ids[::-1]
    page = api.client.get(api.path("actions") + "?search=buy&limit=2").json()
    assert page["count"] == 3
    assert [item["id"] for item in page["results"]] == ids[:0:-1]
    rest = api.client.get(page["next"]).json()
    assert [item["id"] for item in rest["results"]] == ids[:1]
    assert rest["next"] is None


def test_an_insight_and_its_dashboards_tell_the_same_story(api: Any) -> None:
    first, second = create(api, "dashboards"), create(api, "dashboards", name="Other")
    insight = create(api, "insights", dashboards=[first["id"]])
    insight_path = api.path(f"insights/{insight['id']}")
    first_path = api.path(f"dashboards/{first['id']}")

    (tile,) = api.client.get(first_path).json()["tiles"]
    assert insight["dashboards"] == [first["id"]]
    assert tile["insight"]["id"] == insight["id"]

    moved = api.client.patch(insight_path, json={"dashboards": [second["id"]]}).json()
    assert moved["dashboards"] == [second["id"]]
    assert api.client.get(first_path).json()["tiles"] == []


def test_tiles_keep_their_ids_places_and_order(api: Any) -> None:
    insight = create(api, "insights")
    tiles = [{"text": {"body": "Hello"}}, {"insight": insight["id"], "layouts": {"sm": {"x": 1}}}]
    made = create(api, "dashboards", tiles=tiles)

    assert [tile["id"] for tile in made["tiles"]] == [1, 2]
    assert made["tiles"][1]["layouts"] == {"sm": {"x": 1}}
    turned = api.client.patch(
        api.path(f"dashboards/{made['id']}"), json={"tiles": made["tiles"][::-1]}
    ).json()
    assert [tile["id"] for tile in turned["tiles"]] == [2, 1]


def test_a_deleted_insight_leaves_its_dashboard(api: Any) -> None:
    dashboard = create(api, "dashboards")
    insight = create(api, "insights", dashboards=[dashboard["id"]])

    api.client.delete(api.path(f"insights/{insight['id']}"))

    assert api.client.get(api.path(f"dashboards/{dashboard['id']}")).json()["tiles"] == []


def test_another_project_sees_none_of_it(api: Any) -> None:
    made = create(api, "insights")
    other = api.client.post("/api/projects", json={"name": "Other"}).json()["id"]

    assert api.client.get(f"/api/projects/{other}/insights/{made['id']}").status_code == 404
    assert api.client.get(f"/api/projects/{other}/insights").json()["count"] == 0
    assert (
        api.client.patch(f"/api/projects/{other}/insights/{made['id']}", json={}).status_code == 404
    )


@pytest.mark.parametrize("wanted", ["0", "999999999999999999999", "nonsense", "%27%20OR%201"])
def test_what_is_not_there_is_404(api: Any, wanted: str) -> None:
    assert api.client.get(api.path(f"dashboards/{wanted}")).status_code == 404
    assert api.client.delete(api.path(f"dashboards/{wanted}")).status_code == 404


def test_a_parameter_out_of_range_says_what_it_may_be(api: Any) -> None:
    refused = api.client.get(api.path("insights/"), params={"limit": 0})

    assert (refused.status_code, refused.json()["attr"]) == (400, "limit")
    assert refused.json()["detail"] == "limit: Expected `int` >= 1."
