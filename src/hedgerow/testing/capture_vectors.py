"""Run one vector of a capture vector file and return everything that happened.

The vector's clock and settings apply; nothing is kept from one vector to the next.
"""

import asyncio
import base64
from collections.abc import AsyncIterator
from functools import partial
from typing import Any
from urllib.parse import quote, urlencode

from hedgerow.core import limits
from hedgerow.core.clock import FixedClock
from hedgerow.core.errors import LogFailedError
from hedgerow.core.ids import uuid7
from hedgerow.edge.admission import InFlightBudget
from hedgerow.edge.counters import EdgeCounters
from hedgerow.edge.handler import CaptureHandler
from hedgerow.edge.refusals import Refusals
from hedgerow.edge.replay_handler import replay_handler
from hedgerow.edge.request import RequestHead, Response
from hedgerow.edge.v1_handler import V1Handler
from hedgerow.testing.memory_log import MemoryLog
from hedgerow.testing.not_covered import NotCovered
from hedgerow.wire.capture import CaptureRules
from hedgerow.wire.cors import response_headers
from hedgerow.wire.quotas import IsLimited
from hedgerow.wire.record import LoggedRequest, decode_request
from hedgerow.wire.record_view import record_views
from hedgerow.wire.routes import REPLAY_PATHS, V1_PATHS, is_capture_path
from hedgerow.wire.timestamps import parse_timestamp

_DEFAULT_NOW = "2025-07-01T11:00:00Z"
_PEER_IP = "127.0.0.1"
_SUPPORTED_SETTINGS = {
    "now",
    "drop_events_by_token_distinct_id",
    "enable_historical_rerouting",
    "historical_rerouting_threshold_days",
    "quota_limited",
}

_CHUNK_BYTES = 64 * 1024

_Exchange = tuple[Response, list[LoggedRequest]]


def run_capture_vector(vector: dict[str, Any], profile: str | None = None) -> dict[str, Any]:
    """Send the vector's request; return `{"status", "headers", "body", "events"}`.

    `events` are the records of capture-protocol §11 with `lane` and `key`. A vector of profile
    `both` runs under `profile`, or under `documented` where none is given.

    Raises `NotCovered` for a vector that needs overflow.
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
        is_limited=_quotas(server),
    )
    now_us = parse_timestamp(server.get("now", _DEFAULT_NOW))
    assert now_us is not None, "the vector's clock is readable"
    response, logged = _exchange(vector["request"], rules, now_us)
    return {
        "status": response.status,
        "headers": dict(response.headers),
        "body": response.body.decode(),
        "events": [
            view
            for request in logged
            for view in record_views(request, partial(uuid7, now_us // 1000))
        ],
    }


def _check_covered(vector: dict[str, Any]) -> None:
    unsupported = set(vector.get("server") or {}) - _SUPPORTED_SETTINGS
    if unsupported:
        raise NotCovered(f"server settings: {', '.join(sorted(unsupported))}")


def _dropped_ids(server: dict[str, Any]) -> dict[str, frozenset[str]]:
    dropped = server.get("drop_events_by_token_distinct_id", {})
    return {token: frozenset(ids) for token, ids in dropped.items()}


def _quotas(server: dict[str, Any]) -> IsLimited:
    limited = server.get("quota_limited", {})
    return lambda resource, token: token in limited.get(resource.value, ())


def _rerouting_days(server: dict[str, Any]) -> int:
    if not server.get("enable_historical_rerouting"):
        return 0
    return int(server.get("historical_rerouting_threshold_days", 1))


def _exchange(request: dict[str, Any], rules: CaptureRules, now_us: int) -> _Exchange:
    """Send one request through the edge's handler, with a log in memory."""
    headers = {name.lower(): value for name, value in request.get("headers", {}).items()}
    path = request["path"]
    if not (is_capture_path(path) or path in V1_PATHS or path in REPLAY_PATHS):
        return Response(404, response_headers(headers.get("origin")), b""), []
    body = _body(request)
    head = RequestHead(
        method=request["method"],
        path=path,
        query_string=urlencode(request.get("query") or {}, quote_via=quote),
        peer_ip=_PEER_IP,
        header=headers.get,
    )
    headers.setdefault("content-length", str(len(body)))
    log = MemoryLog()
    clock = FixedClock(now_us)
    budget = InFlightBudget(limits.IN_FLIGHT_BYTES_MAX)
    handler = CaptureHandler(
        rules=rules,
        log=log,
        clock=clock,
        budget=budget,
        counters=EdgeCounters(budget),
        refusals=Refusals(clock, lambda _data: None),
        trust_forwarded_for=True,
        on_log_failed=_no_log_failure,
    )
    answering: CaptureHandler | V1Handler = handler
    if path in V1_PATHS:
        answering = V1Handler(handler)
    elif path in REPLAY_PATHS:
        answering = replay_handler(handler, rules.is_limited)
    response = asyncio.run(answering.handle(head, _Body(body)))
    assert budget.used_bytes == 0, "an answered request holds no memory"
    return response, [decode_request(payload) for payload in log.payloads]


def _no_log_failure(error: LogFailedError) -> None:
    raise error


class _Body:
    def __init__(self, data: bytes) -> None:
        self._data = data

    async def whole(self) -> bytes:
        return self._data

    async def chunks(self) -> AsyncIterator[bytes]:
        for start in range(0, len(self._data), _CHUNK_BYTES):
            yield self._data[start : start + _CHUNK_BYTES]


def _body(request: dict[str, Any]) -> bytes:
    if "body_b64" in request:
        return base64.b64decode(request["body_b64"])
    if "body_gen" in request:
        generator = request["body_gen"]
        padding = generator["char"] * generator["count"]
        return str(generator["template"]).replace("<PAD>", padding).encode()
    return str(request.get("body", "")).encode()
