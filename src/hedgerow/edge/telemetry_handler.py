"""`/i/v1/logs`, `/i/v1/metrics`, `/i/v1/traces`: answered, counted durably, not kept."""

from typing import Final

from hedgerow.core import limits
from hedgerow.core.errors import CaptureRefusal
from hedgerow.edge.client_ip import client_ip
from hedgerow.edge.handler import CaptureHandler
from hedgerow.edge.public_answers import answer, method_not_allowed, preflight, refusal
from hedgerow.edge.public_body import decoded_json, read_capture_request
from hedgerow.edge.query import bearer_token, query_values
from hedgerow.edge.request import RequestBody, RequestHead, Response
from hedgerow.wire import responses
from hedgerow.wire.capture import CaptureOutcome
from hedgerow.wire.public_routes import PublicRoute
from hedgerow.wire.telemetry import telemetry
from hedgerow.wire.tokens import checked_token

ALLOWED_METHODS: Final = "POST, OPTIONS"


class TelemetryHandler:
    """Uses the log, the clock and the memory budget of `capture`."""

    def __init__(self, capture: CaptureHandler) -> None:
        self._capture = capture

    async def handle(self, head: RequestHead, body: RequestBody, route: PublicRoute) -> Response:
        """Always an answer, with CORS headers also on errors."""
        if head.method == "OPTIONS":
            return preflight(head)
        if head.method != "POST":
            return method_not_allowed(head, ALLOWED_METHODS)
        reservation = self._capture.budget.reserve()
        try:
            token = self._token(head)
            request = await read_capture_request(
                head,
                body,
                reservation,
                ip=client_ip(head, trust_forwarded_for=self._capture.trust_forwarded_for),
                now_us=self._capture.clock.now_us(),
            )
            text = await decoded_json(request, limits.DECODED_BYTES_MAX)
            outcome: CaptureOutcome = telemetry(request, text, route, token)
            await self._capture.append(outcome, reservation)
        except CaptureRefusal as refused:
            return refusal(head, refused.status, refused.text)
        finally:
            reservation.release()
        return answer(head, outcome.body)

    def _token(self, head: RequestHead) -> str:
        """From the query, else the bearer's (sdk-contract §1.5). Raises `CaptureRefusal` 401."""
        sent = query_values(head.query_string).get("token") or bearer_token(head)
        if sent is None:
            raise responses.missing_token()
        token = checked_token(sent)
        if not self._capture.rules.accepts_key(token):
            raise responses.unknown_token()
        return token
