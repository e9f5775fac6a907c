"""What an SDK sees in every answer of capture, on a real server process (sdk-contract §1)."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from hedgerow.core import limits
from hedgerow.testing.server import HedgerowServer
from hedgerow.wire.routes import CAPTURE_PATHS

ORIGIN = "https://shop.example"
ROUTES = sorted(path for path in CAPTURE_PATHS if not path.startswith("/i/v1/"))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HedgerowServer]:
    with HedgerowServer(tmp_path_factory.mktemp("answers") / "data") as server:
        yield server


def post(
    server: HedgerowServer, path: str, body: bytes | str, method: str = "POST"
) -> requests.Response:
    return requests.request(
        method,
        server.url + path,
        data=body,
        headers={"origin": ORIGIN, "content-type": "application/json"},
        timeout=30,
        allow_redirects=False,
    )


def assert_a_browser_may_read(response: requests.Response) -> None:
    assert response.headers["access-control-allow-origin"] == ORIGIN
    assert response.headers["access-control-allow-credentials"] == "true"
    assert "origin" in response.headers["vary"].lower()


@pytest.mark.parametrize("path", ROUTES)
def test_success_is_200_with_a_json_object_and_never_a_redirect(
    server: HedgerowServer, path: str
) -> None:
    body = {"api_key": server.project_key, "event": "e", "distinct_id": "me"}
    response = post(server, path, json.dumps(body))
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    assert isinstance(response.json(), dict)
    assert_a_browser_may_read(response)


@pytest.mark.parametrize("path", ROUTES)
@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("", 400),
        ("{", 400),
        (b"\xff\xfe", 400),
        ("[]", 400),
        ('{"event":"e","distinct_id":"me"}', 401),
        ('{"api_key":"phx_secret","event":"e","distinct_id":"me"}', 401),
        ('{"api_key":"phc_of_nobody","event":"e","distinct_id":"me"}', 401),
        (b" " * (limits.BODY_BYTES_MAX + 1), 413),
    ],
    ids=["empty", "broken", "no-text", "no-event", "no-key", "secret-key", "unknown-key", "large"],
)
def test_every_refusal_can_be_read_by_a_browser(
    server: HedgerowServer, path: str, body: bytes | str, status: int
) -> None:
    response = post(server, path, body)
    assert response.status_code == status
    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    assert response.text
    assert "retry-after" not in response.headers
    assert_a_browser_may_read(response)


@pytest.mark.parametrize("path", ROUTES)
def test_other_methods_and_long_addresses_too(server: HedgerowServer, path: str) -> None:
    wrong_method = post(server, path, "", "PUT")
    assert wrong_method.status_code == 405
    assert "POST" in wrong_method.headers["allow"]
    assert_a_browser_may_read(wrong_method)
    too_long = post(server, f"{path}?data={'x' * limits.URL_BYTES_MAX}", "", "GET")
    assert too_long.status_code == 414
    assert_a_browser_may_read(too_long)
    assert_a_browser_may_read(post(server, path, "", "OPTIONS"))


def test_trouble_of_ours_is_a_503_that_sdks_send_again(tmp_path: Path) -> None:
    reserve = {"HEDGEROW_DISK_RESERVE_BYTES": str(1 << 60)}
    with HedgerowServer(tmp_path / "data", reserve) as server:
        body = {"api_key": server.project_key, "event": "e", "distinct_id": "me"}
        for path in ROUTES:
            response = post(server, path, json.dumps(body))
            assert response.status_code == 503
            assert int(response.headers["retry-after"]) >= 1
            assert "Retry-After" in response.headers["access-control-expose-headers"]
            assert_a_browser_may_read(response)
