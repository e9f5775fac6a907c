"""What ingestion does with the kinds of events that are more than rows (ingestion §8 to §15, §18)."""

from typing import Any

import pytest

from hedgerow.testing import run_ingestion_vector
from hedgerow.wire.heatmap_split import heatmap_part

SESSION = "018eebf3-79cd-70da-895f-b6cf352bd688"


def ingested(*events: dict[str, Any], settings: dict[str, Any] | None = None) -> dict[str, Any]:
    full = [{"event": "x", "distinct_id": "u", **event} for event in events]
    return run_ingestion_vector({"events": full, "settings": settings or {}})


def warning_types(result: dict[str, Any]) -> list[str]:
    return sorted(item["type"] for item in result["warnings"])


def stored_properties(result: dict[str, Any]) -> dict[str, Any]:
    (event,) = result["events"]
    properties: dict[str, Any] = event["properties"]
    return properties


VIEWPORT = {"$viewport_width": 1600, "$viewport_height": 805, "$session_id": SESSION}


def test_heatmap_points_lie_on_a_grid_of_sixteen_pixels() -> None:
    points = [
        {"x": 16, "y": 40, "target_fixed": True, "type": "click"},
        {"x": "no number", "y": 1, "type": "click"},
        "no point",
    ]
    result = ingested(
        {"event": "$$heatmap", "properties": {"$heatmap_data": {"https://a/": points}, **VIEWPORT}}
    )
    (point,) = result["heatmaps"]
    assert (point["x"], point["y"], point["target_fixed"]) == (1, 2, True)
    assert (point["viewport_width"], point["viewport_height"]) == (100, 50)
    assert (point["url"], point["session_id"], point["distinct_id"]) == ("https://a/", SESSION, "u")
    assert result["events"] == []
    assert result["persons"] == []
    assert result["warnings"] == []


def test_heatmap_data_is_taken_off_an_ordinary_event() -> None:
    data = {"https://a/": [{"x": 0, "y": 0, "target_fixed": False, "type": "mousemove"}]}
    result = ingested({"event": "$pageview", "properties": {"$heatmap_data": data, **VIEWPORT}})
    assert len(result["heatmaps"]) == 1
    assert "$heatmap_data" not in stored_properties(result)


def test_the_page_that_was_left_tells_how_far_it_was_scrolled() -> None:
    result = ingested(
        {
            "event": "$pageleave",
            "properties": {
                "$prev_pageview_pathname": "/before",
                "$prev_pageview_max_scroll": 320,
                "$current_url": "https://a.example/now?q=1#top",
                **VIEWPORT,
            },
        }
    )
    (point,) = result["heatmaps"]
    assert (point["url"], point["type"], point["y"]) == (
        "https://a.example/before",
        "scrolldepth",
        20,
    )


def test_an_event_leaves_the_rows_that_its_heatmap_split_off_leaves() -> None:
    properties = {
        "$heatmap_data": {"https://a/": [{"x": 32, "y": 48, "type": "click"}]},
        "$prev_pageview_pathname": "/before",
        "$prev_pageview_max_scroll": 320,
        "$current_url": "https://a.example/now",
        "plan": "pro",
        **VIEWPORT,
    }
    part = heatmap_part("$pageview", properties)
    whole = ingested({"event": "$pageview", "properties": properties})
    split = ingested({"event": "$$heatmap", "properties": part})

    assert "plan" not in (part or {})
    assert len(whole["heatmaps"]) == 2
    assert split["heatmaps"] == whole["heatmaps"]
    assert stored_properties(whole)["plan"] == "pro"
    assert heatmap_part("$$heatmap", properties) is None


@pytest.mark.parametrize(
    ("data", "type_"),
    [
        ("text", "invalid_heatmap_data"),
        ({"": []}, "rejecting_heatmap_data_with_invalid_url"),
        ({"https://a/": {}}, "rejecting_heatmap_data_with_invalid_items"),
    ],
)
def test_heatmap_data_that_is_none_is_warned_about(data: Any, type_: str) -> None:
    result = ingested({"event": "$$heatmap", "properties": {"$heatmap_data": data, **VIEWPORT}})
    assert result["heatmaps"] == []
    assert warning_types(result) == [type_]


def test_a_project_may_keep_no_heatmaps() -> None:
    data = {"https://a/": [{"x": 0, "y": 0, "type": "click"}]}
    event = {"event": "$$heatmap", "properties": {"$heatmap_data": data, **VIEWPORT}}
    assert ingested(event, settings={"heatmaps_opt_in": False})["heatmaps"] == []


def test_ai_events_have_ids_as_text_and_counts_as_numbers() -> None:
    result = ingested(
        {
            "event": "$ai_generation",
            "properties": {
                "$ai_trace_id": 7,
                "$ai_span_id": True,
                "$ai_input_tokens": "many",
                "$ai_output_tokens": 10,
                "$ai_output_token_price": 0.5,
            },
        }
    )
    properties = stored_properties(result)
    assert properties["$ai_trace_id"] == "7"
    assert properties["$ai_span_id"] == "true"
    assert properties["$ai_input_tokens"] is None
    assert properties["$ai_output_cost_usd"] == properties["$ai_total_cost_usd"] == 5
    assert warning_types(result) == ["invalid_ai_token_property"]


def test_an_exception_takes_no_new_group_type() -> None:
    event = {"event": "$exception", "properties": {"$groups": {"company": "acme"}}}
    result = ingested(event)
    assert result["group_types"] == {}
    assert "$group_0" not in stored_properties(result)


def test_a_session_id_that_is_none_is_kept_and_warned_about() -> None:
    result = ingested({"properties": {"$session_id": "mine"}})
    assert stored_properties(result)["$session_id"] == "mine"
    assert warning_types(result) == ["invalid_event_session_id"]


def test_a_window_without_a_session_is_warned_about() -> None:
    result = ingested({"properties": {"$window_id": "w", "$lib": "web"}})
    assert warning_types(result) == ["missing_session_id_with_window_id"]


def test_an_event_that_grew_too_large_is_dropped_with_a_warning() -> None:
    big = {"event": "$set", "properties": {"$set": {"a": "x" * 600_000}}}
    result = ingested(big, {"properties": {"b": "y" * 500_000}})
    assert [event["event"] for event in result["events"]] == []
    assert warning_types(result) == ["message_size_too_large", "message_size_too_large"]


def test_a_project_may_refuse_old_events() -> None:
    old = {"timestamp": "2024-06-01T10:00:00Z"}
    result = ingested(old, {}, settings={"drop_events_older_than_seconds": 3600})
    assert len(result["events"]) == 1
    (warning,) = result["warnings"]
    assert warning["type"] == "event_dropped_too_old"
    assert warning["details"]["ageInSeconds"] == 7200


@pytest.mark.parametrize("value", [["a"], {"a": 1}, True])
def test_an_alias_that_is_no_text_drops_the_event(value: Any) -> None:
    result = ingested({"event": "$create_alias", "properties": {"alias": value}})
    assert result["events"] == result["persons"] == []
    assert warning_types(result) == ["invalid_alias"]


def test_a_group_type_longer_than_a_key_may_be_drops_the_event() -> None:
    properties = {"$group_type": "t" * 401, "$group_key": "k", "$group_set": {}}
    result = ingested({"event": "$groupidentify", "properties": properties})
    assert result["events"] == result["groups"] == []
    assert warning_types(result) == ["group_key_too_long"]


def test_group_properties_change_only_where_they_differ() -> None:
    def identify(**properties: Any) -> dict[str, Any]:
        named = {"$group_type": "company", "$group_key": "acme", "$group_set": properties}
        return {"event": "$groupidentify", "properties": named}

    result = ingested(identify(a={"b": [1]}, c=1), identify(a={"b": [1]}), identify(c=True))
    (group,) = result["groups"]
    assert group["properties"] == {"a": {"b": [1]}, "c": True}


def seen(*events: tuple[str, dict[str, Any]], enabled: bool = True) -> str:
    """When the person was last seen, after events at these times of 2024-05-01."""
    sent = [
        {"timestamp": f"2024-05-01T{time}Z", "properties": properties}
        for time, properties in events
    ]
    result = ingested(*sent, settings={"person_last_seen_at_enabled": enabled})
    (person,) = result["persons"]
    last_seen_at: str = person["last_seen_at"]
    return last_seen_at


@pytest.mark.parametrize(
    ("later", "expected"),
    [
        (("11:59:59", {}), "11:00:00"),
        (("10:59:00", {}), "10:00:00"),
        (("08:00:00", {}), "10:00:00"),
        (("11:59:59", {"$update_person_last_seen_at": False}), "10:00:00"),
        (("11:59:59", {"$update_person_last_seen_at": True}), "11:00:00"),
        (("11:59:59", {"$process_person_profile": False}), "10:00:00"),
    ],
)
def test_a_person_was_last_seen_in_an_hour_that_only_moves_on(
    later: tuple[str, dict[str, Any]], expected: str
) -> None:
    assert seen(("10:30:00", {}), later) == f"2024-05-01T{expected}Z"
    assert seen(("10:30:00", {}), later, enabled=False) == "2024-05-01T10:00:00Z"


def test_the_same_event_again_moves_it_on_although_it_changes_nothing_else() -> None:
    same = {"$browser": "Firefox", "$os": "Linux"}
    times = [f"1{hour}:00:00" for hour in range(6)]
    assert seen(*[(time, same) for time in times]) == "2024-05-01T15:00:00Z"


def test_a_merge_keeps_the_later_of_both() -> None:
    result = ingested(
        {"distinct_id": "a", "timestamp": "2024-05-01T15:10:00Z"},
        {"timestamp": "2024-05-01T10:10:00Z"},
        {
            "event": "$identify",
            "timestamp": "2024-05-01T11:10:00Z",
            "properties": {"$anon_distinct_id": "a"},
        },
    )
    (person,) = result["persons"]
    assert person["last_seen_at"] == "2024-05-01T15:00:00Z"


CLICKED_US = 1_714_521_600_000  # 2024-05-01T00:00:00Z, in milliseconds


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ({"fbclid": "Ab-9_z"}, f"fb.1.{CLICKED_US}.Ab-9_z"),
        ({"fbclid": "Ab-9_z", "$set": {"$fbc": "mine"}}, "mine"),
        ({"fbclid": "not well formed"}, None),
        ({"fbclid": 7}, None),
        ({}, None),
    ],
)
def test_a_click_on_an_advertisement_is_kept_as_the_pixel_would(
    properties: dict[str, Any], expected: str | None
) -> None:
    result = ingested({"timestamp": "2024-05-01T23:00:00Z", "properties": properties})
    (person,) = result["persons"]
    assert person["properties"].get("$fbc") == expected


def test_a_click_is_never_later_than_today() -> None:
    event = {"timestamp": "2024-06-02T01:00:00Z", "properties": {"fbclid": "x"}}
    (person,) = ingested(event)["persons"]
    assert person["properties"]["$fbc"] == f"fb.1.{CLICKED_US + 31 * 86_400_000}.x"
