"""One capture request from its head to its answer: read, decode, append, acknowledge.

The 200 is sent only after the log has confirmed that the records are on stable storage. Whatever
is our fault and may pass is a 503 that SDKs send again; nothing else is.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import structlog

from hedgerow.core import limits
from hedgerow.core.clock import Clock
from hedgerow.core.errors import CaptureRefusal, LogFailedError, LogFullError
from hedgerow.edge.admission import InFlightBudget, Reservation
from hedgerow.edge.body import BodyReader
from hedgerow.edge.client_ip import client_ip
from hedgerow.edge.counters import EdgeCounters
from hedgerow.edge.decoding import Decoding
from hedgerow.edge.floods import Floods
from hedgerow.edge.refusals import Refusals
from hedgerow.edge.request import Headers, RequestBody, RequestHead, Response
from hedgerow.log.contract import LogWriter
from hedgerow.wire.capture import CaptureOutcome, CaptureRequest, CaptureRules, capture
from hedgerow.wire.cors import preflight_headers, response_headers
from hedgerow.wire.record import RECORD_VERSION, DroppedEvents, LoggedRequest, encode_request
from hedgerow.wire.routes import ALLOWED_METHODS, allow_header

log = structlog.get_logger()

# A request, the rules, and the most bytes that it may decode to.
Decode = Callable[[CaptureRequest, CaptureRules, int], CaptureOutcome]

RETRY_AFTER_SECONDS = 1
_SAMPLE_CHARS = 1000
TEXT = ("content-type", "text/plain; charset=utf-8")


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureHandler:
    """Answers capture requests. `on_log_failed` must end the process and not return.

    `decode` turns a request into what is logged and answered.
    """

    rules: CaptureRules
    log: LogWriter
    clock: Clock
    budget: InFlightBudget
    counters: EdgeCounters
    refusals: Refusals
    trust_forwarded_for: bool
    on_log_failed: Callable[[LogFailedError], None]
    bodies: BodyReader = field(default_factory=BodyReader)
    decoding: Decoding = field(default_factory=Decoding)
    floods: Floods = field(default_factory=Floods)
    decode: Decode = capture
    body_bytes_max: int = limits.BODY_BYTES_MAX

    async def handle(self, head: RequestHead, body: RequestBody) -> Response:
        """Always an answer, with CORS headers also on errors (sdk-contract §1.10)."""
        origin = head.header("origin")
        if head.method == "OPTIONS":
            return Response(200, self._preflight(head, origin), b"")
        if head.method not in ALLOWED_METHODS:
            headers = [("allow", allow_header()), *response_headers(origin)]
            return Response(405, headers, b"")
        try:
            outcome = await self._acknowledge(head, body)
        except CaptureRefusal as refusal:
            self.counters.answered(refusal.status)
            self.refusals.record(head, refusal)
            await self.log_lost(head, refusal)
            return _refused(refusal, head.method, origin)
        headers = [*outcome.headers, *response_headers(origin)]
        answer = b"" if head.method == "HEAD" else outcome.body
        return Response(outcome.status, headers, answer)

    @staticmethod
    def _preflight(head: RequestHead, origin: str | None) -> Headers:
        return preflight_headers(origin, head.header("access-control-request-headers"))

    async def _acknowledge(self, head: RequestHead, body: RequestBody) -> CaptureOutcome:
        reservation = self.budget.reserve()
        try:
            data = await self.bodies.read(
                body, reservation, content_length(head), self.body_bytes_max
            )
            request = CaptureRequest(
                method=head.method,
                path=head.path,
                query_string=head.query_string,
                content_type=head.header("content-type"),
                content_encoding=head.header("content-encoding"),
                body=data,
                ip=client_ip(head, trust_forwarded_for=self.trust_forwarded_for),
                user_agent=head.header("user-agent") or "",
                now_us=self.clock.now_us(),
            )
            outcome = await self.decoding.run(data, partial(self.decode, request, self.rules))
            await self.append(outcome, reservation)
            return outcome
        finally:
            reservation.release()

    async def append(self, outcome: CaptureOutcome, reservation: Reservation) -> None:
        """Returns once the outcome is durable. Raises a retryable `CaptureRefusal`."""
        if outcome.logged is None:
            return
        payloads = [encode_request(part) for part in self.floods.split(outcome.logged)]
        reservation.grow_to(sum(map(len, payloads)))
        try:
            await self._append_all(payloads)
        except LogFullError as error:
            log.warning("log_full", error=str(error))
            raise CaptureRefusal(
                503, "transient error, please retry", retry_after_seconds=RETRY_AFTER_SECONDS
            ) from None
        except LogFailedError as error:
            self.on_log_failed(error)
            raise CaptureRefusal(
                503, "transient error, please retry", retry_after_seconds=RETRY_AFTER_SECONDS
            ) from None
        self.counters.acknowledged(len(outcome.logged.events))

    async def log_lost(self, head: RequestHead, refusal: CaptureRefusal) -> None:
        """Where a refusal loses events of a known project, the project's warnings say so."""
        lost = refusal.lost
        if lost is None:
            return
        logged = LoggedRequest(
            version=RECORD_VERSION,
            token=lost.token,
            now_us=self.clock.now_us(),
            sent_at_us=None,
            ip=client_ip(head, trust_forwarded_for=self.trust_forwarded_for),
            path=head.path,
            user_agent=head.header("user-agent") or "",
            historical_migration=False,
            events=[],
            dropped=[DroppedEvents(lost.reason, lost.count, refusal.text[:_SAMPLE_CHARS])],
        )
        try:
            await self.log.append(encode_request(logged))
        except LogFullError as error:
            # The client is told all the same that its request was wrong.
            log.warning("log_full", error=str(error))
        except LogFailedError as error:
            self.on_log_failed(error)

    async def _append_all(self, payloads: list[bytes]) -> None:
        """In this order, and in one group where there are several."""
        if len(payloads) == 1:
            await self.log.append(payloads[0])
        else:
            await asyncio.gather(*map(self.log.append, payloads))


def content_length(head: RequestHead) -> int | None:
    """The declared length of the body; None where it is chunked, 0 where there is none."""
    text = head.header("content-length")
    if text and text.isascii() and text.isdigit():
        return int(text)
    return None if head.header("transfer-encoding") else 0


def _refused(refusal: CaptureRefusal, method: str, origin: str | None) -> Response:
    headers = [TEXT, *response_headers(origin)]
    if refusal.retry_after_seconds is not None:
        headers.append(("retry-after", str(refusal.retry_after_seconds)))
    body = b"" if method == "HEAD" else refusal.text.encode()
    return Response(refusal.status, headers, body)
