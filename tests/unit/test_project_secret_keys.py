"""Keys for servers that evaluate flags themselves: they read the flags of one project."""

from typing import Any

import pytest
from tests.unit.conftest import NOW_US, Api

from hedgerow.directory.keys import create_project_secret_key
from hedgerow.directory.projects import Project, create_project


def ask(api: Api, key: str, path: str, method: str = "GET") -> int:
    response = api.client.request(method, path, headers={"authorization": f"Bearer {key}"})
    return int(response.status_code)


def secret_of(api: Api, **fields: Any) -> str:
    body = {"label": "server", "project_id": api.project_id, "is_project_secret": True, **fields}
    made = api.client.post("/api/personal_keys", json=body)
    assert made.status_code == 201, made.text
    secret = str(made.json()["secret"])
    assert secret.startswith("phs_")
    return secret


@pytest.fixture
def other(api: Api) -> Project:
    return create_project(api.directory, name="Other", now_us=NOW_US)


def test_it_reads_the_flags_of_its_project_on_every_path(api: Api) -> None:
    secret = secret_of(api)
    api.client.post(api.path("feature_flags/"), json={"key": "flag", "filters": {"groups": []}})

    for path in (
        "/flags/definitions",
        f"/flags/definitions?token={api.project_key}",
        f"/api/feature_flag/local_evaluation/?token={api.project_key}&send_cohorts",
        api.path("feature_flags/local_evaluation"),
        api.path("feature_flags/flag/remote_config"),
        f"/api/projects/@current/feature_flags/flag/remote_config?token={api.project_key}",
    ):
        assert ask(api, secret, path) == 200, path


def test_it_reads_no_other_project(api: Api, other: Project) -> None:
    secret = secret_of(api)

    for path in (
        f"/flags/definitions?token={other.api_token}",
        f"/api/projects/{other.id}/feature_flags/local_evaluation",
        f"/api/projects/{other.id}/feature_flags/",
        f"/api/projects/@current/feature_flags/flag/remote_config?token={other.api_token}",
    ):
        assert ask(api, secret, path) == 403, path


def test_it_does_nothing_else(api: Api) -> None:
    secret = secret_of(api)

    assert ask(api, secret, api.path("persons/")) == 403
    assert ask(api, secret, api.path("query/"), "POST") == 403
    assert ask(api, secret, api.path("feature_flags/"), "POST") == 403
    assert ask(api, secret, "/api/projects") == 403
    assert ask(api, secret, "/api/personal_keys", "POST") == 403
    assert ask(api, "phs_unknown", "/flags/definitions") == 401


def test_it_takes_no_scopes_and_needs_a_project(api: Api) -> None:
    body = {"label": "x", "project_id": api.project_id, "is_project_secret": True}
    with_scopes = api.client.post("/api/personal_keys", json={**body, "scopes": ["query:read"]})
    nowhere = api.client.post("/api/personal_keys", json={**body, "project_id": 99})

    assert (with_scopes.status_code, with_scopes.json()["attr"]) == (400, "scopes")
    assert nowhere.status_code == 400


def test_definitions_are_those_of_the_project_in_the_path(api: Api, other: Project) -> None:
    api.client.post(api.path("feature_flags/"), json={"key": "mine", "filters": {"groups": []}})

    own = api.client.get(api.path("feature_flags/local_evaluation")).json()
    others = api.client.get(f"/api/projects/{other.id}/feature_flags/local_evaluation").json()

    assert [flag["key"] for flag in own["flags"]] == ["mine"]
    assert others["flags"] == []


def test_a_personal_key_limited_to_flags_reads_definitions(api: Api) -> None:
    body = {"label": "x", "project_id": api.project_id, "scopes": ["feature_flag:read"]}
    secret = api.client.post("/api/personal_keys", json=body).json()["secret"]

    assert ask(api, secret, f"/flags/definitions?token={api.project_key}") == 200


def test_a_key_of_the_command_line_is_kept_as_its_hash(api: Api) -> None:
    key, secret = create_project_secret_key(
        api.directory, label="server", project_id=api.project_id, now_us=NOW_US
    )

    assert secret.endswith(key.last_four)
    assert key.scopes == frozenset({"feature_flag:read"})
    assert ask(api, secret, "/flags/definitions") == 200
