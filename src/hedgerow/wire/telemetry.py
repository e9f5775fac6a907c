"""OpenTelemetry's logs, metrics and traces: accepted, counted, and not kept (sdk-contract §2.1).

SDKs send them beside events. They are answered as if they were kept, so that no SDK sends them
again, and every record is counted as dropped, so that nothing vanishes silently.
"""

from dataclasses import dataclass
from typing import Any, Final

from hedgerow.core import json
from hedgerow.wire import responses
from hedgerow.wire.capture import CaptureOutcome
from hedgerow.wire.dropped_events import SAMPLE_CHARS_MAX
from hedgerow.wire.drops import DropReason
from hedgerow.wire.public_routes import PublicRoute
from hedgerow.wire.record import RECORD_VERSION, DroppedEvents, LoggedRequest
from hedgerow.wire.request import CaptureRequest
from hedgerow.wire.responses import SUCCESS_HEADERS

ANSWER: Final = b"{}"


@dataclass(frozen=True, slots=True)
class _Signal:
    """Where a signal's records lie in its JSON: resources, scopes, records."""

    reason: DropReason
    resources: str
    scopes: str
    records: str


_SIGNALS: Final = {
    PublicRoute.LOGS: _Signal(DropReason.LOGS_NOT_KEPT, "resourceLogs", "scopeLogs", "logRecords"),
    PublicRoute.METRICS: _Signal(
        DropReason.METRICS_NOT_KEPT, "resourceMetrics", "scopeMetrics", "metrics"
    ),
    PublicRoute.TRACES: _Signal(DropReason.TRACES_NOT_KEPT, "resourceSpans", "scopeSpans", "spans"),
}
TELEMETRY_ROUTES: Final = frozenset(_SIGNALS)


def telemetry(
    request: CaptureRequest, text: bytes, route: PublicRoute, token: str
) -> CaptureOutcome:
    """What to log and answer for the JSON `text`. Raises `CaptureRefusal` 400 for anything else."""
    signal = _SIGNALS[route]
    try:
        body = json.decode(text)
    except (ValueError, RecursionError) as error:
        raise responses.unparsable(f"the body is not valid JSON: {error}") from None
    if not isinstance(body, dict):
        raise responses.unparsable("the body must be a JSON object")
    records = [
        record
        for resource in _objects(body.get(signal.resources))
        for scope in _objects(resource.get(signal.scopes))
        for record in _objects(scope.get(signal.records))
    ]
    if not records:
        return CaptureOutcome(None, 200, SUCCESS_HEADERS, ANSWER)
    sample = json.encode(records[0]).decode()[:SAMPLE_CHARS_MAX]
    logged = LoggedRequest(
        version=RECORD_VERSION,
        token=token,
        now_us=request.now_us,
        sent_at_us=None,
        ip=request.ip,
        path=request.path,
        user_agent=request.user_agent,
        historical_migration=False,
        events=[],
        dropped=[DroppedEvents(signal.reason.value, len(records), sample)],
    )
    return CaptureOutcome(logged, 200, SUCCESS_HEADERS, ANSWER)


def _objects(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
