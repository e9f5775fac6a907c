"""Requests recorded from released SDKs, in `tests/samples`, and sending them byte for byte.

A recording's requests stand in their order. `method` is given where it is not POST, `answer` (status,
and `json` where there was some) where the request was no capture: what the SDK got from a stand-in
for the server.
"""

import base64
import json
from pathlib import Path
from typing import Any

import requests

from hedgerow.testing.server import HedgerowServer

FOLDER = Path(__file__).parents[1] / "samples"
RECORDINGS = sorted(path.name for path in FOLDER.glob("*.json"))
PROJECT_KEY = "phc_local_test_token"
PERSONAL_KEY = "phx_local_secret"

Recorded = dict[str, Any]


def recorded_requests(name: str) -> list[Recorded]:
    loaded = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    found: list[Recorded] = loaded["requests"]
    return found


def body_of(request: Recorded) -> bytes:
    if "body_raw_base64" in request:
        return base64.b64decode(request["body_raw_base64"])
    return str(request.get("body_raw_text", "")).encode()


def send(
    server: HedgerowServer, request: Recorded, changed_headers: dict[str, str] | None = None
) -> requests.Response:
    headers = {**dict(request["headers"]), **(changed_headers or {})}
    body = body_of(request)
    if body:
        headers["Content-Length"] = str(len(body))
    # The client library would add headers of its own to the request without.
    prepared = requests.Request(request.get("method", "POST"), server.url).prepare()
    prepared.url = server.url + request["target"]
    prepared.headers = requests.structures.CaseInsensitiveDict(headers)
    prepared.body = body or None
    with requests.Session() as session:
        return session.send(prepared, timeout=30, allow_redirects=False)
