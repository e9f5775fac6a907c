"""The JSON of a v1 request (capture-protocol §14.2)."""

import msgspec
from msgspec import Raw, Struct

from hedgerow.core import limits
from hedgerow.core.errors import CaptureRefusal, LostEvents
from hedgerow.wire.depth import is_deeper_than
from hedgerow.wire.drops import DropReason
from hedgerow.wire.event_uuids import normalize_uuid
from hedgerow.wire.record import NOT_SENT
from hedgerow.wire.surrogates import repair_lone_surrogates
from hedgerow.wire.v1 import refusals
from hedgerow.wire.v1.rfc3339 import parse_rfc3339

_EMPTY_OBJECT = Raw(b"{}")


class V1Event(Struct, gc=False):
    """One event as sent. `properties` and `options` may be any JSON; events are judged singly."""

    event: str
    uuid: str
    distinct_id: str
    timestamp: str
    session_id: str | None = None
    window_id: str | None = None
    options: Raw = NOT_SENT
    properties: Raw = _EMPTY_OBJECT


class V1Batch(Struct):
    created_at: str
    batch: list[V1Event]
    historical_migration: bool | None = None
    capture_internal: bool | None = None


_decoder = msgspec.json.Decoder(V1Batch)


def parse_batch(text: bytes, token: str) -> V1Batch:
    """The batch, its uuids in canonical form and each there once; distinct ids are trimmed.

    Raises `V1Refusal` 400 for what refuses the whole request.
    """
    batch = _decoded(text)
    try:
        _check(batch)
    except refusals.V1Refusal as refusal:
        refusal.lost = LostEvents(token, DropReason(refusal.tag), len(batch.batch))
        raise
    return batch


def _check(batch: V1Batch) -> None:
    if parse_rfc3339(batch.created_at) is None:
        raise refusals.invalid_batch("created_at is not an RFC 3339 time")
    if not batch.batch:
        raise refusals.empty_batch()
    seen: set[str] = set()
    for index, event in enumerate(batch.batch):
        event.uuid = _canonical_uuid(event.uuid.strip(), index)
        if event.uuid in seen:
            raise refusals.duplicate_uuid(event.uuid)
        seen.add(event.uuid)
        event.distinct_id = event.distinct_id.strip()


def _decoded(text: bytes) -> V1Batch:
    try:
        text.decode()
        if is_deeper_than(text, limits.JSON_DEPTH_MAX):
            raise refusals.unparsable("the body nests too deeply")
        return _decode_repaired(text)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise refusals.unparsable(str(error)) from None


def _decode_repaired(text: bytes) -> V1Batch:
    """Lone surrogates are repaired, as in v0, rather than lose the batch."""
    try:
        return _decoder.decode(text)
    except msgspec.ValidationError:
        raise
    except msgspec.DecodeError:
        repaired = repair_lone_surrogates(text)
        if repaired == text:
            raise
        return _decoder.decode(repaired)


def _canonical_uuid(text: str, index: int) -> str:
    if not text:
        raise refusals.missing_uuid(index)
    try:
        return normalize_uuid(text)
    except CaptureRefusal:
        raise refusals.invalid_uuid(index) from None
