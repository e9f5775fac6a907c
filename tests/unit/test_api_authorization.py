"""Who may read: every endpoint with every kind of credential (read-api §3.2)."""

import re
from typing import Any

import pytest

PARAMETER = re.compile(r"\{[^}]+\}")
EVENT = "018f0000-0000-7000-8000-000000000000"
IN_A_PROJECT = [
    ("POST", "query"),
    ("GET", "events"),
    ("GET", f"events/{EVENT}"),
    ("GET", "persons"),
    ("GET", f"persons/{EVENT}"),
    ("GET", "event_definitions"),
    ("GET", "property_definitions"),
    ("GET", "ingestion_warnings"),
]
ENDPOINTS = [
    *(
        (method, f"/api/{root}/@current/{path}")
        for root in ("projects", "environments")
        for method, path in IN_A_PROJECT
    ),
    ("GET", "/api/projects"),
    ("POST", "/api/projects"),
    ("GET", "/api/projects/@current"),
    ("GET", "/api/users/@me"),
    ("GET", "/api/organizations/@current"),
]
REFUSED = {
    "none": (None, "not_authenticated"),
    "empty": ("Bearer ", "not_authenticated"),
    "wrong scheme": ("Basic phx_reads_everything", "not_authenticated"),
    "unknown key": ("Bearer phx_of_somebody_else", "invalid_personal_api_key"),
    "part of the key": ("Bearer phx_reads_everythin", "invalid_personal_api_key"),
    "project key": ("Bearer PROJECT_KEY", "invalid_personal_api_key"),
    "no key at all": ("Bearer \u00ff\u00fe", "invalid_personal_api_key"),
}
BODY = {"query": {"kind": "HogQLQuery", "query": "SELECT 1"}, "name": "Shop"}


# What some route asks for: a request must not be refused for the lack of it before it is guarded.
PARAMETERS = {
    "group_type_index": "0",
    "group_key": "acme",
    "key": "plan",
    "name": "plan",
    "person_id": "00000000-0000-0000-0000-000000000000",
    "id": "1",
}
# The description of the API itself, and the way in; nothing of anybody's data.
OPEN_ROUTES = {
    *("/api/docs", "/api/schema", "/api/schema/1", "/api/schema/openapi.json"),
    *("/api/session", "/api/session/invitation"),
}


def test_no_route_of_the_api_is_forgotten_to_be_guarded(api: Any) -> None:
    open_to_all = []
    for route in api.client.app.routes:
        path = PARAMETER.sub("1", route.path)
        if not path.startswith("/api/") or path in OPEN_ROUTES:
            continue
        for method in route.methods - {"OPTIONS", "HEAD"}:
            api.client.headers.pop("authorization", None)
            if api.client.request(method, path, params=PARAMETERS).status_code != 401:
                open_to_all.append((method, path))

    assert open_to_all == []


@pytest.mark.parametrize("slash", ["", "/"])
@pytest.mark.parametrize(("method", "path"), ENDPOINTS)
def test_every_endpoint_refuses_all_but_a_personal_key(
    api: Any, method: str, path: str, slash: str
) -> None:
    for credential, (header, code) in REFUSED.items():
        headers = {"authorization": (header or "").replace("PROJECT_KEY", api.project_key)}
        if header is None:
            del api.client.headers["authorization"]
            headers = {}
        answer = api.client.request(
            method,
            path + slash,
            json=BODY if method == "POST" else None,
            headers={name: value.encode("latin-1") for name, value in headers.items()},
        )
        assert answer.status_code == 401, credential
        error = answer.json()
        assert (error["type"], error["code"]) == ("authentication_error", code), credential
        assert error["detail"]
        assert error["attr"] is None

    api.client.headers["authorization"] = f"Bearer {api.personal_key}"
    answer = api.client.request(method, path + slash, json=BODY if method == "POST" else None)
    assert answer.status_code in {200, 201, 404}
    assert answer.status_code != 404 or EVENT in path


def test_the_key_may_come_in_the_query_or_in_the_body(api: Any) -> None:
    del api.client.headers["authorization"]
    by_query = api.client.get(api.path("events"), params={"personal_api_key": api.personal_key})
    by_body = api.client.post(
        api.path("query"), json={**BODY, "personal_api_key": api.personal_key}
    )

    assert by_query.status_code == 200
    assert by_body.status_code == 200


@pytest.mark.parametrize("key", ["", " ", 7, None, ["phx_reads_everything"], "\u00ff"])
def test_a_key_of_a_strange_shape_is_refused_not_an_error_of_ours(api: Any, key: object) -> None:
    del api.client.headers["authorization"]
    answer = api.client.post(api.path("query"), json={**BODY, "personal_api_key": key})

    assert answer.status_code == 401
    if isinstance(key, str) and key.isascii():
        by_query = api.client.get(api.path("events"), params={"personal_api_key": key})
        assert by_query.status_code == 401


def test_the_local_key_reads_the_first_project(api: Any) -> None:
    headers = {"authorization": f"Bearer {api.local_key}"}

    answer = api.client.get("/api/projects/@current/", headers=headers)

    assert answer.json()["id"] == api.project_id


def test_current_is_the_default_project_of_the_key(api: Any) -> None:
    assert api.client.get("/api/projects/@current/").json()["id"] == api.project_id
    assert api.client.get("/api/users/@me/").json()["team"]["id"] == api.project_id


@pytest.mark.parametrize("project", ["0", "999999999", "9" * 40, "-1", "x", "\u0661", "@other"])
def test_a_project_that_is_not_there_is_not_found(api: Any, project: str) -> None:
    for root in ("projects", "environments"):
        answer = api.client.get(f"/api/{root}/{project}/events/")
        assert answer.status_code == 404
        assert answer.json()["type"] == "not_found"


def test_one_project_does_not_show_the_events_and_people_of_another(api: Any) -> None:
    event = api.add_event("secret")
    api.add_person("ada")
    other = api.client.post("/api/projects/", json={"name": "Other"}).json()["id"]

    for path in ("events", "persons"):
        assert api.client.get(f"/api/projects/{other}/{path}/").json()["results"] == []
    assert api.client.get(f"/api/projects/{other}/events/{event.uuid}/").status_code == 404
    rows = api.client.post(
        f"/api/projects/{other}/query/",
        json={"query": {"kind": "HogQLQuery", "query": "SELECT event FROM events"}},
    )
    assert rows.json()["results"] == []
