"""Signing in to the web app: the one-time link, accounts, roles, invitations and cookies."""

from typing import Any

import pytest

OWN = {"sec-fetch-site": "same-origin"}
ACCOUNT = {"email": "Ada@Example.com", "name": "Ada", "password": "correct horse battery"}


def browser(api: Any) -> Any:
    """The client as a browser: no key, and it says where its requests come from."""
    api.client.headers.pop("authorization", None)
    api.client.headers.update(OWN)
    return api.client


def open_link(api: Any, token: str | None = None) -> Any:
    client = browser(api)
    return client.get("/", params={"token": token or api.sign_in_token}, follow_redirects=False)


def make_account(api: Any) -> None:
    open_link(api)
    assert api.client.post("/api/session/account", json=ACCOUNT).status_code == 201


def test_the_printed_link_signs_in_once(api: Any) -> None:
    first = open_link(api)
    cookie = first.headers["set-cookie"].lower()

    assert (first.status_code, first.headers["location"]) == (302, "/")
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "secure" not in cookie
    assert api.client.get("/api/session").json()["role"] == "admin"
    assert api.client.get("/api/projects/@current/").status_code == 200

    api.client.cookies.clear()
    second = open_link(api)

    assert second.headers["location"] == "/sign-in?link=used"
    assert api.client.get("/api/session").json()["signed_in"] is False
    assert api.client.get("/api/projects/@current/").status_code == 401


def test_behind_tls_the_cookie_never_travels_without_it(api: Any) -> None:
    answer = browser(api).get(
        "/",
        params={"token": api.sign_in_token},
        headers={"x-forwarded-proto": "https"},
        follow_redirects=False,
    )

    assert "secure" in answer.headers["set-cookie"].lower()


def test_a_made_up_token_or_session_opens_nothing(api: Any) -> None:
    assert open_link(api, "guessed").headers["location"] == "/sign-in?link=used"
    api.client.cookies.set("hedgerow_session", "guessed")
    assert api.client.get("/api/projects/@current/").status_code == 401


def test_an_account_signs_in_with_its_password_whatever_the_case_of_its_address(api: Any) -> None:
    make_account(api)
    api.client.delete("/api/session")
    assert api.client.get("/api/session").json()["signed_in"] is False

    wrong = {"email": "ada@example.com", "password": "wrong horse battery"}
    refused = api.client.post("/api/session", json=wrong)
    accepted = api.client.post("/api/session", json={**wrong, "password": ACCOUNT["password"]})

    assert (refused.status_code, refused.json()["code"]) == (401, "wrong_password")
    assert accepted.status_code == 200
    assert accepted.json()["user"]["name"] == "Ada"


def test_an_address_without_an_account_is_refused_in_the_same_words(api: Any) -> None:
    make_account(api)
    details = [
        api.client.post("/api/session", json={"email": email, "password": "x" * 12}).json()
        for email in ("ada@example.com", "nobody@example.com")
    ]

    assert details[0] == details[1]


def test_guessing_is_stopped(api: Any) -> None:
    make_account(api)
    guess = {"email": "ada@example.com", "password": "guess"}
    statuses = [api.client.post("/api/session", json=guess).status_code for _ in range(11)]

    assert statuses == [401] * 10 + [429]
    right = {**guess, "password": ACCOUNT["password"]}
    assert api.client.post("/api/session", json=right).status_code == 429


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"password": "short"}, "password"),
        ({"password": "x" * 201}, "password"),
        ({"email": "ada"}, "email"),
        ({"email": "a b@example.com"}, "email"),
        ({"name": " "}, "name"),
        ({"name": 7}, "name"),
    ],
)
def test_an_account_that_cannot_be_is_refused_by_its_field(
    api: Any, change: dict[str, object], field: str
) -> None:
    open_link(api)
    answer = api.client.post("/api/session/account", json={**ACCOUNT, **change})

    assert (answer.status_code, answer.json()["attr"]) == (400, field)


def test_another_site_cannot_use_the_cookie(api: Any) -> None:
    make_account(api)
    del api.client.headers["sec-fetch-site"]
    name = {"name": "Taken over"}
    host = api.client.base_url.host
    path = "/api/projects/@current/"

    for headers in (
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {},
    ):
        answer = api.client.patch(path, json=name, headers=headers)
        assert answer.status_code == 403, headers
    assert (
        api.client.patch(path, json=name, headers={"origin": f"http://{host}"}).status_code == 200
    )


def test_signing_in_cannot_be_forged_by_another_site(api: Any) -> None:
    make_account(api)
    sent = {"email": ACCOUNT["email"], "password": ACCOUNT["password"]}
    answer = api.client.post("/api/session", json=sent, headers={"sec-fetch-site": "cross-site"})

    assert answer.status_code == 403


def test_an_invitation_makes_one_account_of_its_role(api: Any) -> None:
    make_account(api)
    made = api.client.post("/api/invitations", json={"role": "viewer"}).json()
    api.client.delete("/api/session")
    asked = api.client.get("/api/session/invitation", params={"secret": made["secret"]})
    guest = {**ACCOUNT, "email": "guest@example.com", "invitation": made["secret"]}
    joined = api.client.post("/api/session/invitation", json=guest)
    again = {**guest, "email": "another@example.com"}

    assert asked.json() == {"role": "viewer"}
    assert joined.json()["role"] == "viewer"
    assert api.client.post("/api/session/invitation", json=again).status_code == 404


def test_a_viewer_sees_everything_and_changes_nothing(api: Any) -> None:
    make_account(api)
    made = api.client.post("/api/invitations", json={"role": "viewer"}).json()
    guest = {**ACCOUNT, "email": "guest@example.com", "invitation": made["secret"]}
    api.client.post("/api/session/invitation", json=guest)
    query = {"query": {"kind": "HogQLQuery", "query": "SELECT 1"}}

    assert api.client.get(api.path("events/")).status_code == 200
    assert api.client.post(api.path("query/"), json=query).status_code == 200
    assert api.client.post(api.path("insights/"), json={"name": "x"}).status_code == 403
    assert api.client.post(api.path("demo/")).status_code == 403
    assert api.client.patch(api.path(), json={"name": "x"}).status_code == 403
    assert api.client.post("/api/projects/", json={"name": "x"}).status_code == 403
    assert api.client.post("/api/invitations", json={"role": "admin"}).status_code == 403
    assert api.client.delete("/api/members/1").status_code == 403


def test_the_last_admin_stays(api: Any) -> None:
    make_account(api)
    me = api.client.get("/api/session").json()["user"]["id"]

    assert api.client.patch(f"/api/members/{me}", json={"role": "viewer"}).status_code == 400
    assert api.client.delete(f"/api/members/{me}").status_code == 400


def test_a_new_password_ends_the_other_sessions(api: Any) -> None:
    make_account(api)
    other = api.client.cookies["hedgerow_session"]
    change = {"current_password": ACCOUNT["password"], "password": "another horse battery"}
    wrong = {**change, "current_password": "wrong"}

    assert (
        api.client.patch("/api/session/password", json=wrong).json()["attr"] == "current_password"
    )
    assert api.client.patch("/api/session/password", json=change).status_code == 200
    assert api.client.get("/api/projects/@current/").status_code == 200
    api.client.cookies.clear()
    api.client.cookies.set("hedgerow_session", other)
    assert api.client.get("/api/projects/@current/").status_code == 401


def test_a_key_does_what_its_scopes_say(api: Any) -> None:
    make_account(api)
    sent = {"label": "grafana", "project_id": api.project_id, "scopes": ["query:read"]}
    made = api.client.post("/api/personal_keys", json=sent).json()
    api.client.cookies.clear()
    api.client.headers["authorization"] = f"Bearer {made['secret']}"
    query = {"query": {"kind": "HogQLQuery", "query": "SELECT 1"}}

    assert api.client.post(api.path("query/"), json=query).status_code == 200
    assert api.client.get(api.path("events/")).status_code == 200
    refused = api.client.get(api.path("persons/"))
    assert (refused.status_code, "person:read" in refused.json()["detail"]) == (403, True)
    assert api.client.post("/api/personal_keys", json=sent).status_code == 403


def test_a_key_can_do_no_more_than_its_owner(api: Any) -> None:
    make_account(api)
    made = api.client.post("/api/invitations", json={"role": "viewer"}).json()
    guest = {**ACCOUNT, "email": "guest@example.com", "invitation": made["secret"]}
    user = api.client.post("/api/session/invitation", json=guest).json()["user"]
    key = {"label": "mine", "project_id": api.project_id}
    secret = api.client.post("/api/personal_keys", json=key).json()["secret"]
    api.client.cookies.clear()
    api.client.headers["authorization"] = f"Bearer {secret}"

    assert user["role"] == "viewer"
    assert api.client.get(api.path("persons/")).status_code == 200
    assert api.client.patch(api.path(), json={"name": "x"}).status_code == 403


def test_only_the_machine_itself_makes_sign_in_links(api: Any) -> None:
    assert api.client.post("/api/sign_in_links", json={}).status_code == 403
    api.client.headers["authorization"] = f"Bearer {api.local_key}"
    url = api.client.post("/api/sign_in_links", json={}).json()["url"]

    assert open_link(api, url.partition("?token=")[2]).headers["location"] == "/"
