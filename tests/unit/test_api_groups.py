"""Groups and their types over HTTP (read-api §3.4)."""

from hedgerow.directory.batch import BatchEffects, Group, GroupType, PropertyDefinition

from .conftest import NOW_US, Api


def with_groups(api: Api) -> None:
    types = [GroupType(api.project_id, name, n, NOW_US) for n, name in enumerate(("org", "team"))]
    groups = [
        Group(api.project_id, 0, "acme", {"name": "Acme Inc", "seats": 5}, NOW_US),
        Group(api.project_id, 0, "bolt", {"name": "Bolt"}, NOW_US),
        Group(api.project_id, 1, "acme", {}, NOW_US),
    ]
    definition = PropertyDefinition(api.project_id, "group_1", "size", "Numeric")
    api.commit(
        BatchEffects(0, NOW_US, group_types=types, groups=groups, property_definitions=[definition])
    )


def test_group_types_are_listed_by_index(api: Api) -> None:
    with_groups(api)
    found = api.client.get(api.path("groups_types/")).json()
    assert [(item["group_type"], item["group_type_index"]) for item in found] == [
        ("org", 0),
        ("team", 1),
    ]


def test_groups_of_one_type_are_searched_and_paged(api: Api) -> None:
    with_groups(api)
    path = api.path("groups/?group_type_index=0")
    first = api.client.get(path + "&limit=1").json()
    assert first["results"][0]["group_key"] == "acme"
    assert first["results"][0]["group_properties"] == {"name": "Acme Inc", "seats": 5}
    second = api.client.get(first["next"]).json()
    assert [item["group_key"] for item in second["results"]] == ["bolt"]
    found = api.client.get(path + "&search=INC").json()
    assert [item["group_key"] for item in found["results"]] == ["acme"]


def test_one_group_is_found_by_its_key(api: Api) -> None:
    with_groups(api)
    path = api.path("groups/find/?group_type_index=1&group_key=")
    assert api.client.get(path + "acme").json()["group_properties"] == {}
    assert api.client.get(path + "none").status_code == 404


def test_each_type_of_groups_has_its_own_properties(api: Api) -> None:
    with_groups(api)
    path = api.path("property_definitions/?type=group&group_type_index=")
    assert [item["name"] for item in api.client.get(path + "1").json()["results"]] == ["size"]
    assert api.client.get(path + "0").json()["results"] == []
