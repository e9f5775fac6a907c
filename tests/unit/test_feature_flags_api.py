from typing import Any

import pytest
from tests.unit.conftest import Api

from hedgerow.core import json

Json = dict[str, Any]

HALF = {"groups": [{"properties": [], "rollout_percentage": 50}]}


def made(api: Api, key: str, **fields: Any) -> Json:
    response = api.client.post(api.path("feature_flags/"), json={"key": key, **fields})
    assert response.status_code == 201, response.text
    flag: Json = response.json()
    return flag


def flag_path(api: Api, flag: Json, rest: str = "") -> str:
    return api.path(f"feature_flags/{flag['id']}/{rest}")


def on(type_: str, key: str, operator: str, value: Any) -> Json:
    return {
        "groups": [
            {"properties": [{"type": type_, "key": key, "operator": operator, "value": value}]}
        ]
    }


def test_a_flag_is_read_back_as_it_was_made(api: Api) -> None:
    filters = {
        "groups": [{"properties": [], "rollout_percentage": 33.3, "x-newer": 1}],
        "payloads": {"true": '{"a":1}'},
        "x-newer": {"kept": True},
    }
    flag = made(api, "new-flag", name="What it does", filters=filters, tags=["a"])

    by_id = api.client.get(flag_path(api, flag)).json()
    by_key = api.client.get(api.path("feature_flags/new-flag/")).json()

    assert by_id == by_key == flag
    assert flag["filters"] == filters
    assert flag["version"] == 1
    assert flag["active"] is True
    assert flag["status"] == "ACTIVE"


def test_a_flag_without_conditions_is_on_for_nobody(api: Api) -> None:
    assert made(api, "bare")["filters"] == {"groups": [{"properties": [], "rollout_percentage": 0}]}


def test_flags_are_listed_by_page_searched_and_filtered(api: Api) -> None:
    for key in ("alpha", "beta", "gamma"):
        made(api, key, name=f"about {key}", active=key != "beta")

    def keys(query: str) -> list[str]:
        results = api.client.get(api.path(f"feature_flags/{query}")).json()["results"]
        return [item["key"] for item in results]

    first = api.client.get(api.path("feature_flags/?limit=2")).json()
    second = api.client.get(first["next"]).json()

    assert first["count"] == 3
    assert [item["key"] for item in first["results"] + second["results"]] == [
        *("gamma", "beta", "alpha"),
    ]
    assert keys("?search=ABOUT%20be") == ["beta"]
    assert keys("?active=false") == ["beta"]
    assert keys("?active=true") == ["gamma", "alpha"]
    assert api.client.get(api.path("feature_flags/?active=maybe")).status_code == 400


def test_every_change_raises_the_version_and_is_told(api: Api) -> None:
    flag = made(api, "flag")
    changed = api.client.patch(flag_path(api, flag), json={"active": False, "version": 1}).json()
    late = api.client.patch(flag_path(api, flag), json={"name": "late", "version": 1})
    activity = api.client.get(flag_path(api, flag, "activity/")).json()

    assert changed["version"] == 2
    assert late.status_code == 409
    assert late.json()["type"] == "conflict"
    assert [item["activity"] for item in activity["results"]] == ["updated", "created"]
    assert activity["results"][0]["detail"]["changes"] == [
        {
            "type": "FeatureFlag",
            "action": "changed",
            "field": "active",
            "before": True,
            "after": False,
        }
    ]


def test_a_deleted_flag_frees_its_key_and_can_come_back(api: Api) -> None:
    flag = made(api, "flag")
    api.client.patch(flag_path(api, flag), json={"deleted": True})
    second = made(api, "flag")

    taken = api.client.patch(flag_path(api, flag), json={"deleted": False})
    api.client.delete(flag_path(api, second))
    back = api.client.patch(flag_path(api, flag), json={"deleted": False})

    assert taken.status_code == 400
    assert taken.json()["attr"] == "key"
    assert back.status_code == 200
    assert [
        item["id"] for item in api.client.get(api.path("feature_flags/")).json()["results"]
    ] == [flag["id"]]


def test_a_whole_flag_can_be_sent_back(api: Api) -> None:
    flag = made(api, "flag", filters=HALF)

    response = api.client.patch(flag_path(api, flag), json={**flag, "name": "new"})

    assert response.status_code == 200, response.text
    assert response.json()["name"] == "new"


@pytest.mark.parametrize(
    ("fields", "attribute"),
    [
        ({"key": "no spaces"}, "key"),
        ({"key": 5}, "key"),
        ({"key": "taken"}, "key"),
        ({"filters": []}, "filters"),
        ({"filters": {"groups": {}}}, "filters.groups"),
        ({"filters": {"groups": [{"rollout_percentage": 101}]}}, "filters.groups.0.rollout_percentage"),
        ({"filters": {"groups": [{"variant": "none"}]}}, "filters.groups.0.variant"),
        ({"filters": on("person", "", "exact", 1)}, "filters.groups.0.properties.0.key"),
        ({"filters": on("person", "a", "exact", None)}, "filters.groups.0.properties.0.value"),
        ({"filters": on("event", "a", "exact", 1)}, "filters.groups.0.properties.0.type"),
        ({"filters": on("person", "a", "like", 1)}, "filters.groups.0.properties.0.operator"),
        ({"filters": on("person", "a", "regex", "(?=x)")}, "filters.groups.0.properties.0.value"),
        ({"filters": on("person", "a", "gt", "many")}, "filters.groups.0.properties.0.value"),
        ({"filters": on("person", "a", "is_date_after", "soon")}, "filters.groups.0.properties.0.value"),
        ({"filters": on("person", "a", "semver_gt", "x")}, "filters.groups.0.properties.0.value"),
        ({"filters": on("flag", "gone", "flag_evaluates_to", True)}, "filters.groups.0.properties.0.key"),
        ({"filters": on("cohort", "id", "in", 99)}, "filters.groups.0.properties.0.value"),
        ({"filters": {"aggregation_group_type_index": 5}}, "filters.aggregation_group_type_index"),
        (
            {"filters": {"multivariate": {"variants": [{"key": "a", "rollout_percentage": 50}]}}},
            "filters.multivariate.variants",
        ),
        ({"filters": {"payloads": {"true": "{"}}}, "filters.payloads.true"),
        ({"filters": {"payloads": {"blue": "1"}}}, "filters.payloads.blue"),
        ({"evaluation_runtime": "edge"}, "evaluation_runtime"),
        ({"surprise": 1}, "surprise"),
    ],
)  # fmt: skip
def test_a_wrong_flag_is_refused_and_the_field_named(
    api: Api, fields: Json, attribute: str
) -> None:
    made(api, "taken")
    response = api.client.post(api.path("feature_flags/"), json={"key": "flag", **fields})

    assert response.status_code == 400, response.text
    assert response.json()["attr"] == attribute


def test_null_is_as_good_as_nothing_where_a_field_has_a_default(api: Api) -> None:
    flag = made(api, "flag", tags=["a"], ensure_experience_continuity=None, evaluation_runtime=None)

    changed = api.client.patch(flag_path(api, flag), json={"tags": None, "filters": None}).json()

    assert flag["ensure_experience_continuity"] is False
    assert flag["evaluation_runtime"] == "all"
    assert changed["tags"] == ["a"]
    assert changed["filters"] == flag["filters"]


def test_flags_cannot_come_to_depend_on_each_other_in_a_circle(api: Api) -> None:
    first = made(api, "first")
    made(api, "second", filters=on("flag", str(first["id"]), "flag_evaluates_to", True))
    circle = {"filters": on("flag", "second", "flag_evaluates_to", True)}

    refused = api.client.patch(flag_path(api, first), json=circle)
    needed = api.client.delete(flag_path(api, first))

    assert refused.status_code == 400
    assert "circle" in refused.json()["detail"]
    assert needed.status_code == 400
    assert "second" in needed.json()["detail"]


def test_flags_of_another_project_are_not_there(api: Api) -> None:
    flag = made(api, "flag")
    other = api.client.post("/api/projects", json={"name": "Other"}).json()
    path = f"/api/projects/{other['id']}/feature_flags/{flag['id']}/"

    assert api.client.get(path).status_code == 404
    assert api.client.patch(path, json={"active": False}).status_code == 404


def test_a_payload_is_answered_as_it_is_kept(api: Api) -> None:
    flag = made(api, "remote", filters={**HALF, "payloads": {"true": '{"a":1}'}})
    path = f"/api/projects/@current/feature_flags/remote/remote_config?token={api.project_key}"

    assert api.client.get(path).json() == '{"a":1}'
    api.client.patch(flag_path(api, flag), json={"active": False})
    assert api.client.get(path).json() is None
    assert api.client.get(path.replace("remote/", "gone/")).status_code == 404
    assert api.client.get(path + "x").status_code == 403


def definitions(api: Api, query: str = "", **headers: str) -> Any:
    return api.client.get(f"/flags/definitions?token={api.project_key}{query}", headers=headers)


def test_definitions_are_answered_on_every_path_and_only_when_changed(api: Api) -> None:
    made(api, "flag", filters=HALF)
    first = definitions(api)
    unchanged = definitions(api, **{"if-none-match": first.headers["etag"]})
    made(api, "second")
    changed = definitions(api, **{"if-none-match": first.headers["etag"]})

    assert unchanged.status_code == 304
    assert unchanged.content == b""
    assert changed.status_code == 200
    assert [item["key"] for item in changed.json()["flags"]] == ["flag", "second"]
    for path in ("/api/feature_flag/local_evaluation", "/api/feature_flag/local_evaluation/"):
        assert api.client.get(path).json() == changed.json()


def test_definitions_need_a_key_that_may_read(api: Api) -> None:
    assert definitions(api, authorization="Bearer phx_wrong").status_code == 401
    assert definitions(api, authorization=f"Bearer {api.project_key}").status_code == 401
    assert api.client.get("/flags/definitions?token=phc_unknown").status_code == 403


def test_definitions_spell_out_cohorts_or_send_them_along(api: Api) -> None:
    paying = {"type": "person", "key": "plan", "operator": "exact", "value": "pro"}
    group = {"type": "OR", "values": [{"type": "AND", "values": [paying]}]}
    body = {"name": "Paying", "filters": {"properties": group}}
    cohort = api.client.post(api.path("cohorts/"), json=body).json()
    wanted = {"type": "cohort", "key": "id", "value": cohort["id"]}
    made(api, "flag", filters={"groups": [{"properties": [wanted], "rollout_percentage": 100}]})

    spelled_out = definitions(api).json()
    sent_along = definitions(api, "&send_cohorts").json()

    assert spelled_out["flags"][0]["filters"]["groups"][0]["properties"] == [paying]
    assert spelled_out["cohorts"] == {}
    assert sent_along["flags"][0]["filters"]["groups"][0]["properties"] == [wanted]
    assert sent_along["cohorts"] == {str(cohort["id"]): group}


def test_definitions_tell_in_which_order_flags_depend_on_each_other(api: Api) -> None:
    first = made(api, "first")
    second = made(api, "second", filters=on("flag", "first", "flag_evaluates_to", True))
    made(api, "third", filters=on("flag", str(second["id"]), "flag_evaluates_to", False))

    third = definitions(api).json()["flags"][2]

    assert third["filters"]["groups"][0]["properties"][0] == {
        "type": "flag",
        "key": "second",
        "operator": "flag_evaluates_to",
        "value": False,
        "dependency_chain": [first["key"], "second"],
    }


def test_stored_flags_are_evaluated_with_all_that_is_stored(api: Api) -> None:
    api.add_person("ada", {"plan": "pro"})
    made(api, "pro", filters=on("person", "plan", "exact", "pro"))
    request = {"token": api.project_key, "distinct_id": "ada"}
    newer = {**request, "person_properties": {"plan": "free"}}
    questions = [
        [api.project_key, request, ["pro", "gone"]],
        ["phc_unknown", request, ["pro"]],
        [api.project_key, newer, ["pro"]],
    ]

    answers = api.client.post("/_internal/flags", content=json.encode(questions)).json()

    assert answers == [
        {"pro": [True, None, "condition_match", 0]},
        {},
        {"pro": [False, None, "no_condition_match", None]},
    ]
