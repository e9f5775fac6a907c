"""One v1 request, from its bytes to what is logged and answered (capture-protocol §14)."""

from typing import Any

from hedgerow.core import json, limits
from hedgerow.wire.capture import CaptureOutcome, CaptureRules, reroute_until_us
from hedgerow.wire.dropped_events import DropTally
from hedgerow.wire.drops import DropReason
from hedgerow.wire.record import RECORD_VERSION, LoggedEvent, LoggedRequest
from hedgerow.wire.request import CaptureRequest
from hedgerow.wire.v1 import refusals
from hedgerow.wire.v1.body import V1Batch, V1Event, parse_batch
from hedgerow.wire.v1.encodings import decompress
from hedgerow.wire.v1.event_builder import OVER_QUOTA, EventDroppedError, V1EventBuilder
from hedgerow.wire.v1.head import V1Head

_PROCESSING_DISABLED = {"result": "ok", "details": "person_processing_disabled"}
_OK = {"result": "ok"}
_QUOTA_DETAILS = frozenset(OVER_QUOTA.values())
# What is called otherwise in the answer than everywhere else in the system.
_REASONS = {
    "rejected": DropReason.PERFORMANCE_EVENT,
    "event_restriction_drop": DropReason.TOKEN_DROPPER,
    **dict.fromkeys(_QUOTA_DETAILS, DropReason.QUOTA),
}


def capture_v1(
    head: V1Head,
    request: CaptureRequest,
    rules: CaptureRules,
    decoded_bytes_max: int = limits.V1_DECODED_BYTES_MAX,
) -> CaptureOutcome:
    """Decode, check and correct the events of one request.

    An event that breaks a rule is dropped alone and told so. Raises `V1Refusal` for what refuses
    the whole request; a request of which a quota leaves nothing is a 402, and is logged for its
    count of drops.
    """
    if not request.body:
        raise refusals.empty_body()
    if not rules.accepts_key(head.token):
        raise refusals.invalid_token("the key belongs to no project")
    text = decompress(request.body, head.encoding, decoded_bytes_max)
    if not text:
        raise refusals.empty_body()
    batch = parse_batch(text, head.token)
    tally = DropTally()
    events: list[LoggedEvent] = []
    results = _build(_builder(head, request, rules, batch), batch, events, tally)
    logged = LoggedRequest(
        version=RECORD_VERSION,
        token=head.token,
        now_us=request.now_us,
        sent_at_us=head.request_time_us,
        ip=request.ip,
        path=request.path,
        user_agent=request.user_agent,
        historical_migration=bool(batch.historical_migration),
        events=events,
        dropped=tally.dropped(),
    )
    return _outcome(logged, results)


def _builder(
    head: V1Head, request: CaptureRequest, rules: CaptureRules, batch: V1Batch
) -> V1EventBuilder:
    return V1EventBuilder(
        token=head.token,
        now_us=request.now_us,
        request_time_us=head.request_time_us,
        historical=bool(batch.historical_migration),
        internal=bool(batch.capture_internal),
        reroute_until_us=reroute_until_us(rules, request.now_us),
        dropped_ids=rules.dropped_ids.get(head.token, frozenset()),
        is_limited=rules.is_limited,
        library=head.library,
    )


def _build(
    builder: V1EventBuilder, batch: V1Batch, events: list[LoggedEvent], tally: DropTally
) -> dict[str, dict[str, str]]:
    """The results by uuid, in the order of the request; events and drops are collected."""
    results: dict[str, dict[str, str]] = {}
    for sent in batch.batch:
        try:
            built = builder.build(sent)
        except EventDroppedError as error:
            results[sent.uuid] = {"result": "drop", "details": error.details}
            reason = _REASONS.get(error.details) or DropReason(error.details)
            tally.add(reason, _sample(sent))
            continue
        events.append(built)
        results[sent.uuid] = _PROCESSING_DISABLED if built.force_disable_person_processing else _OK
    return results


def _sample(sent: V1Event) -> dict[str, Any]:
    return {"event": sent.event, "uuid": sent.uuid, "distinct_id": sent.distinct_id}


def _outcome(logged: LoggedRequest, results: dict[str, dict[str, str]]) -> CaptureOutcome:
    headers = (("content-type", "application/json"),)
    spent = any(result.get("details") in _QUOTA_DETAILS for result in results.values())
    if spent and not logged.events:
        refusal = refusals.over_quota()
        return CaptureOutcome(logged, refusal.status, headers, refusal.body)
    return CaptureOutcome(logged, 200, headers, json.encode({"results": results}))
