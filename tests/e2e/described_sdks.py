"""Sending what an SDK is said to send, and reading what came of it."""

import gzip
import json
from typing import Any

import requests

from hedgerow.testing.server import HedgerowServer


def send(
    server: HedgerowServer,
    target: str,
    headers: dict[str, str],
    events: list[dict[str, Any]],
    **more: Any,
) -> None:
    body = json.dumps({"api_key": server.project_key, "batch": events, **more}).encode()
    if headers.get("Content-Encoding") == "gzip":
        body = gzip.compress(body)
    answer = requests.post(server.url + target, data=body, headers=headers, timeout=30)
    assert (answer.status_code, isinstance(answer.json(), dict)) == (200, True)
    server.wait_until_ingested()


def person(server: HedgerowServer, distinct_id: str) -> dict[str, Any]:
    found = server.get(f"/api/projects/@current/persons/?distinct_id={distinct_id}")["results"]
    assert len(found) == 1, found
    result: dict[str, Any] = found[0]
    return result
