"""Every path that SDKs ask for: both spellings, across origins, with every refusal readable."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
import requests
from posthog import Posthog

from hedgerow.testing.faulty_proxy import FaultyProxy
from hedgerow.testing.server import HedgerowServer

POST_PATHS = (
    "/batch",
    "/e",
    "/i/v0/e",
    "/capture",
    "/track",
    "/engage",
    "/i/v0/ai/batch",
    "/s",
    "/i/v1/analytics/events",
    "/flags",
    "/decide",
    "/i/v1/logs",
    "/i/v1/metrics",
    "/i/v1/traces",
)
GET_PATHS = (
    "/static/array.js",
    "/static/1/array.js",
    "/static/1.449.2/surveys.js",
    "/array/phc_x/config",
    "/array/phc_x/config.js",
    "/api/surveys/",
    "/api/early_access_features/",
    "/api/web_experiments/",
    "/api/product_tours/",
)
ORIGIN = "https://shop.example.com"
V1_HEADERS = {
    "PostHog-Sdk-Info": "test/1",
    "PostHog-Attempt": "1",
    "PostHog-Request-Id": "0198f0aa-0000-7000-8000-000000000001",
    "PostHog-Request-Timestamp": "2026-01-01T00:00:00Z",
}


def good_request(server: HedgerowServer, path: str) -> tuple[Any, dict[str, str]]:
    """A body that the path accepts, and the headers it needs."""
    key = server.project_key
    if path == "/s":
        properties = {"$session_id": "s", "$snapshot_data": [], "distinct_id": "u", "token": key}
        return [{"event": "$snapshot", "properties": properties}], {}
    if path == "/i/v1/analytics/events":
        now = "2026-01-01T00:00:00Z"
        event = {"event": "e", "uuid": str(uuid.uuid4()), "distinct_id": "u", "timestamp": now}
        headers = {**V1_HEADERS, "Authorization": f"Bearer {key}"}
        return {"created_at": now, "batch": [event]}, headers
    if path.startswith("/i/v1/"):
        return {}, {"Authorization": f"Bearer {key}"}
    return {"api_key": key, "event": "e", "distinct_id": "u"}, {}


@pytest.mark.parametrize("prefix", ["", "/hog"])
@pytest.mark.parametrize("path", POST_PATHS)
def test_both_spellings_answer_directly_and_may_be_read(
    sdk_server: HedgerowServer, path: str, prefix: str
) -> None:
    body, headers = good_request(sdk_server, path)
    for slash in ("", "/"):
        response = requests.post(
            sdk_server.url + prefix + path + slash,
            json=body,
            headers={**headers, "Origin": ORIGIN},
            allow_redirects=False,
            timeout=10,
        )
        if path.startswith("/i/v1"):
            body, headers = good_request(sdk_server, path)
        assert response.status_code == 200, response.text
        assert isinstance(response.json(), dict)
        assert response.headers["access-control-allow-origin"] == ORIGIN


@pytest.mark.parametrize("path", [*POST_PATHS, *GET_PATHS])
def test_a_preflight_is_granted(sdk_server: HedgerowServer, path: str) -> None:
    asked = {
        "Origin": ORIGIN,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type,x-custom",
    }

    preflight = requests.options(sdk_server.url + path, headers=asked, timeout=10)

    assert preflight.status_code in (200, 204)
    assert preflight.headers["access-control-allow-origin"] == ORIGIN
    assert preflight.headers["access-control-allow-headers"] == "content-type,x-custom"
    assert "POST" in preflight.headers["access-control-allow-methods"]
    assert int(preflight.headers["access-control-max-age"]) >= 600


@pytest.mark.parametrize("path", POST_PATHS)
def test_a_refusal_can_be_read(sdk_server: HedgerowServer, path: str) -> None:
    refused = requests.post(
        sdk_server.url + path, data=b"{", headers={"Origin": ORIGIN}, timeout=10
    )

    assert 400 <= refused.status_code < 500
    assert refused.headers["access-control-allow-origin"] == ORIGIN


@pytest.mark.parametrize("path", GET_PATHS)
def test_what_browsers_load_may_be_read(sdk_server: HedgerowServer, path: str) -> None:
    path = path.replace("phc_x", sdk_server.project_key)
    query = f"?token={sdk_server.project_key}" if path.startswith("/api/") else ""

    response = requests.get(sdk_server.url + path + query, headers={"Origin": ORIGIN}, timeout=10)

    assert response.status_code == 200, path
    assert response.headers["access-control-allow-origin"] in (ORIGIN, "*")


@pytest.mark.parametrize("mode", ["v0", "v1"])
def test_a_wrong_key_is_told_once_and_never_tried_again(
    sdk_server: HedgerowServer, mode: str
) -> None:
    errors: list[Any] = []
    with FaultyProxy(sdk_server.url, [], lambda _path: True) as proxy:
        client = Posthog(
            "phc_of_nobody",
            host=proxy.url,
            capture_mode=mode,
            on_error=lambda error, _batch: errors.append(error),
        )
        client.capture("e", distinct_id="u")
        client.flush()
        client.shutdown()

    assert proxy.requests == 1
    assert [error.status for error in errors] == [401]


@pytest.mark.parametrize("mode", ["v0", "v1"])
def test_node_too_tries_a_wrong_key_once(
    sdk_server: HedgerowServer, run_script: Callable[..., dict[str, Any]], mode: str
) -> None:
    with FaultyProxy(sdk_server.url, [], lambda _path: True) as proxy:
        printed = run_script(
            "node_faulty.mjs",
            HOST=proxy.url,
            TOKEN="phc_of_nobody",
            RUN="stranger",
            POSTHOG_CAPTURE_MODE=mode,
        )

    assert proxy.requests == 1
    (error,) = printed["errors"]
    assert "401" in error or "invalid_api_token" in error


def test_one_bad_event_of_a_v1_batch_is_told_and_the_others_are_kept(
    sdk_server: HedgerowServer,
) -> None:
    run = f"partial-{uuid.uuid4().hex[:8]}"
    errors: list[Any] = []
    client = Posthog(
        sdk_server.project_key,
        host=sdk_server.url,
        capture_mode="v1",
        on_error=lambda error, _batch: errors.append(error),
    )
    for name in ("first", "x" * 201, "last"):
        client.capture(name, distinct_id=run)
    client.flush()
    client.shutdown()
    sdk_server.wait_until_ingested()

    rows = sdk_server.query(f"SELECT event FROM events WHERE distinct_id = '{run}' ORDER BY event")
    assert rows == [["first"], ["last"]]
    (error,) = errors
    assert "1 event(s) dropped by the server" in str(error)
