"""One request of the v1 protocol, from its head to its answer (capture-protocol §14)."""

from dataclasses import dataclass
from email.utils import formatdate
from functools import partial
from typing import Final

from hedgerow.core import limits
from hedgerow.core.errors import CaptureRefusal
from hedgerow.edge.client_ip import client_ip
from hedgerow.edge.handler import CaptureHandler, content_length
from hedgerow.edge.request import Headers, RequestBody, RequestHead, Response
from hedgerow.wire.capture import CaptureOutcome, CaptureRequest
from hedgerow.wire.cors import preflight_headers, response_headers
from hedgerow.wire.v1.capture import capture_v1
from hedgerow.wire.v1.head import REQUEST_ID, V1Head, read_head
from hedgerow.wire.v1.refusals import V1Refusal, as_v1

METHODS: Final = "POST,OPTIONS"
_JSON = ("content-type", "application/json")
_REQUEST_ID_CHARS_MAX = 100


@dataclass(frozen=True, slots=True)
class V1Handler:
    """Answers v1 requests with the rules, the log and the budget of `capture`."""

    capture: CaptureHandler

    async def handle(self, head: RequestHead, body: RequestBody) -> Response:
        """Always an answer; each echoes the request's id and says when it was given."""
        origin = head.header("origin")
        if head.method == "OPTIONS":
            requested = head.header("access-control-request-headers")
            return Response(200, preflight_headers(origin, requested, METHODS), b"")
        headers = [*self._echo(head), *response_headers(origin)]
        if head.method != "POST":
            return Response(405, [("allow", "POST, OPTIONS"), *headers], b"")
        try:
            outcome = await self._acknowledge(head, body)
        except CaptureRefusal as refusal:
            self.capture.counters.answered(refusal.status)
            await self.capture.log_lost(head, refusal)
            return _refused(as_v1(refusal), headers)
        return Response(outcome.status, [*outcome.headers, *headers], outcome.body)

    def _echo(self, head: RequestHead) -> Headers:
        date = formatdate(self.capture.clock.now_us() / 1_000_000, usegmt=True)
        request_id = head.header(REQUEST_ID.lower())
        if not request_id or len(request_id) > _REQUEST_ID_CHARS_MAX:
            return [("date", date)]
        return [("date", date), (REQUEST_ID.lower(), request_id)]

    async def _acknowledge(self, head: RequestHead, body: RequestBody) -> CaptureOutcome:
        checked = read_head(head.header)
        reservation = self.capture.budget.reserve()
        try:
            data = await self.capture.bodies.read(
                body, reservation, content_length(head), limits.V1_BODY_BYTES_MAX
            )
            outcome = await self._captured(checked, head, data)
            await self.capture.append(outcome, reservation)
            return outcome
        finally:
            reservation.release()

    async def _captured(self, checked: V1Head, head: RequestHead, data: bytes) -> CaptureOutcome:
        request = CaptureRequest(
            method=head.method,
            path=head.path,
            query_string=head.query_string,
            content_type=head.header("content-type"),
            content_encoding=checked.encoding,
            body=data,
            ip=client_ip(head, trust_forwarded_for=self.capture.trust_forwarded_for),
            user_agent=head.header("user-agent") or "",
            now_us=self.capture.clock.now_us(),
        )
        decode = partial(capture_v1, checked, request, self.capture.rules)
        return await self.capture.decoding.run(data, decode, limits.V1_DECODED_BYTES_MAX)


def _refused(refusal: V1Refusal, headers: Headers) -> Response:
    answered = [_JSON, *headers]
    if refusal.retry_after_seconds is not None:
        answered.append(("retry-after", str(refusal.retry_after_seconds)))
    return Response(refusal.status, answered, refusal.body)
