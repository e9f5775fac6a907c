"""Run one vector of a capture vector file and return everything that happened.

The vector's clock and settings apply; nothing is kept from one vector to the next.
"""

import base64
from typing import Any
from urllib.parse import quote, urlencode

from hedgerow.core.errors import CaptureRefusal
from hedgerow.testing.not_covered import NotCovered
from hedgerow.wire.capture import CaptureRequest, CaptureRules, capture
from hedgerow.wire.cors import preflight_headers, response_headers
from hedgerow.wire.record import LoggedRequest, decode_request, encode_request
from hedgerow.wire.record_view import record_view
from hedgerow.wire.routes import ALLOWED_METHODS, allow_header, is_capture_path
from hedgerow.wire.timestamps import parse_timestamp

_DEFAULT_NOW = "2025-07-01T11:00:00Z"
_PEER_IP = "127.0.0.1"
_SUPPORTED_SETTINGS = {
    "now",
    "drop_events_by_token_distinct_id",
    "enable_historical_rerouting",
    "historical_rerouting_threshold_days",
}
_TEXT = ("content-type", "text/plain; charset=utf-8")

# Status, headers, body and the logged requests.
_Exchange = tuple[int, list[tuple[str, str]], bytes, list[LoggedRequest]]


def run_capture_vector(vector: dict[str, Any], profile: str | None = None) -> dict[str, Any]:
    """Send the vector's request; return `{"status", "headers", "body", "events"}`.

    `events` are the records of capture-protocol §11 with `lane` and `key`. A vector of profile
    `both` runs under `profile`, or under `documented` where none is given.

    Raises `NotCovered` for a vector that needs quotas, session replay, the v1 protocol, overflow
    or the splitting of heatmaps.
    """
    _check_covered(vector)
    if profile is None:
        profile = "documented" if vector["profile"] == "both" else vector["profile"]
    server = vector.get("server") or {}
    rules = CaptureRules(
        profile="upstream" if profile == "upstream" else "documented",
        accepts_key=lambda _token: True,
        dropped_ids=_dropped_ids(server),
        historical_rerouting_days=_rerouting_days(server),
    )
    now_us = parse_timestamp(server.get("now", _DEFAULT_NOW))
    assert now_us is not None, "the vector's clock is readable"
    status, headers, body, logged = _exchange(vector["request"], rules, now_us)
    return {
        "status": status,
        "headers": dict(headers),
        "body": body.decode(),
        "events": [
            record_view(request, index)
            for request in logged
            for index in range(len(request.events))
        ],
    }


def _check_covered(vector: dict[str, Any]) -> None:
    path = vector["request"]["path"]
    if path.startswith("/i/v1/"):
        raise NotCovered("the v1 protocol")
    if path in ("/s", "/s/"):
        raise NotCovered("session replay")
    unsupported = set(vector.get("server") or {}) - _SUPPORTED_SETTINGS
    if unsupported:
        raise NotCovered(f"server settings: {', '.join(sorted(unsupported))}")
    records = vector["expect"].get("events", [])
    names = [record.get("event") for record in records]
    if "$$heatmap" in names and "$$heatmap" not in vector["request"].get("body", ""):
        raise NotCovered("the splitting of heatmaps")


def _dropped_ids(server: dict[str, Any]) -> dict[str, frozenset[str]]:
    dropped = server.get("drop_events_by_token_distinct_id", {})
    return {token: frozenset(ids) for token, ids in dropped.items()}


def _rerouting_days(server: dict[str, Any]) -> int:
    if not server.get("enable_historical_rerouting"):
        return 0
    return int(server.get("historical_rerouting_threshold_days", 1))


def _exchange(request: dict[str, Any], rules: CaptureRules, now_us: int) -> _Exchange:
    """Send one request through the capture code. The log is a list."""
    headers = {name.lower(): value for name, value in request.get("headers", {}).items()}
    origin = headers.get("origin")
    method, path = request["method"], request["path"]
    if not is_capture_path(path):
        return 404, response_headers(origin), b"", []
    if method == "OPTIONS":
        requested = headers.get("access-control-request-headers")
        return 200, preflight_headers(origin, requested), b"", []
    if method not in ALLOWED_METHODS:
        return 405, [("allow", allow_header()), *response_headers(origin)], b"", []
    captured = CaptureRequest(
        method=method,
        path=path,
        query_string=urlencode(request.get("query") or {}, quote_via=quote),
        content_type=headers.get("content-type"),
        content_encoding=headers.get("content-encoding"),
        body=_body(request),
        ip=headers.get("x-forwarded-for", _PEER_IP).split(",", 1)[0].strip(),
        user_agent=headers.get("user-agent", ""),
        now_us=now_us,
    )
    try:
        outcome = capture(captured, rules)
    except CaptureRefusal as refusal:
        return refusal.status, [_TEXT, *response_headers(origin)], refusal.text.encode(), []
    # What is logged must survive the log's own encoding.
    logged = [] if outcome.logged is None else [decode_request(encode_request(outcome.logged))]
    body = b"" if method == "HEAD" else outcome.body
    return outcome.status, [*outcome.headers, *response_headers(origin)], body, logged


def _body(request: dict[str, Any]) -> bytes:
    if "body_b64" in request:
        return base64.b64decode(request["body_b64"])
    if "body_gen" in request:
        generator = request["body_gen"]
        padding = generator["char"] * generator["count"]
        return str(generator["template"]).replace("<PAD>", padding).encode()
    return str(request.get("body", "")).encode()
