"""The web app's files as they are served, and the policy that they are served under."""

from typing import Any

import pytest

ASSET = "/assets/main-1a2b.js"


@pytest.mark.parametrize(
    "path", ["/", "/sign-in", "/join/secret", "/project/1/activity", "/project/1/people/x/y"]
)
def test_every_address_of_the_app_is_the_same_page(api: Any, path: str) -> None:
    answer = api.client.get(path, headers={"accept-encoding": "identity"})

    assert (answer.status_code, answer.text) == (200, "<!doctype html>")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"


def policy_of(headers: Any) -> dict[str, str]:
    parts = headers["content-security-policy"].split(";")
    return dict(part.strip().partition(" ")[::2] for part in parts)


@pytest.mark.parametrize(("query", "pictures"), [("", ""), ("?outside=true", " http: https:")])
def test_a_recorded_page_runs_no_script_and_loads_only_what_was_asked_for(
    api: Any, query: str, pictures: str
) -> None:
    answer = api.client.get(f"/replay-frame{query}")
    policy = policy_of(answer.headers)

    assert answer.status_code == 200
    assert policy["sandbox"] == "allow-same-origin"
    assert (policy["default-src"], policy["script-src"]) == ("'none'", "'none'")
    assert policy["img-src"] == f"data: blob:{pictures}"
    assert policy["style-src"] == f"'unsafe-inline'{pictures}"
    assert policy["frame-ancestors"] == "'self'"
    assert not {"connect-src", "frame-src", "worker-src"} & set(policy)


def test_the_policy_allows_no_script_and_no_style_but_our_own_files(api: Any) -> None:
    headers = api.client.get("/").headers
    policy = policy_of(headers)

    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert policy["frame-src"] == "'self'"
    assert policy["base-uri"] == "'none'"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [("br, gzip", "br"), ("gzip;q=0.5", "gzip"), ("identity", None), ("", None), ("brotli", None)],
)
def test_a_browser_gets_the_best_form_that_it_takes(
    api: Any, accepted: str, encoding: str | None
) -> None:
    with api.client.stream("GET", ASSET, headers={"accept-encoding": accepted}) as answer:
        body = b"".join(answer.iter_raw())

    assert answer.headers.get("content-encoding") == encoding
    assert answer.headers["vary"] == "accept-encoding"
    assert body == {"br": b"BR", "gzip": b"GZ", None: b"plain"}[encoding]


def test_a_file_with_a_hash_in_its_name_is_kept_for_good(api: Any) -> None:
    answer = api.client.get(ASSET, headers={"accept-encoding": "identity"})

    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"


@pytest.mark.parametrize(
    "path", ["/assets/other.js", "/assets/..%2findex.html", "/assets/%2e%2e/index.html", "/other"]
)
def test_nothing_else_is_served(api: Any, path: str) -> None:
    assert api.client.get(path).status_code == 404


def test_an_installation_without_the_web_app_says_what_to_do(api: Any) -> None:
    api.client.app.dependencies["services"].dependency().web_files.pop("index.html")
    answer = api.client.get("/")

    assert answer.status_code == 404
    assert "web/build.py" in answer.json()["detail"]
