"""Records in the log that are no capture requests: what an operator asked for, and when.

They lie in the same log as the events, so their place among the events is settled once and for
all, and a replay does the same at the same place. Each is a JSON array that begins with its kind;
a capture request's begins with a number.
"""

from typing import Any, Final

import msgspec
from msgspec import Struct

from hedgerow.wire.record import LANE_HISTORICAL, LANE_OVERFLOW

_START: Final = b'["'


class SplitPerson(Struct, tag="split_person", array_like=True, frozen=True):
    """Give each distinct id of the person a person of its own; the main one keeps what is known.

    `main_distinct_id` None means the id that the person was created with.
    """

    now_us: int
    project_id: int
    person_id: str
    main_distinct_id: str | None = None


class DeletePerson(Struct, tag="delete_person", array_like=True, frozen=True):
    """Erase the person and its distinct ids, and with them all its events so far if asked."""

    now_us: int
    project_id: int
    person_id: str
    with_events: bool = False


class ChangePerson(Struct, tag="change_person", array_like=True, frozen=True):
    """Set these properties of the person, and remove those, as a `$set` event of it would."""

    now_us: int
    project_id: int
    person_id: str
    set: dict[str, Any] = {}
    unset: list[str] = []


class IngestHistorical(Struct, tag="ingest_historical", array_like=True, frozen=True):
    """Ingest here the historical requests put off so far that begin before `until`."""

    now_us: int
    until: int

    @property
    def lane(self) -> str:
        return LANE_HISTORICAL


class IngestOverflow(Struct, tag="ingest_overflow", array_like=True, frozen=True):
    """The same for the requests of the overflow lane."""

    now_us: int
    until: int

    @property
    def lane(self) -> str:
        return LANE_OVERFLOW


PersonRecord = SplitPerson | DeletePerson | ChangePerson
IngestDeferred = IngestHistorical | IngestOverflow
ControlRecord = PersonRecord | IngestDeferred

encode_control = msgspec.json.Encoder().encode
_decoder = msgspec.json.Decoder(ControlRecord)


def is_control(payload: bytes) -> bool:
    return payload.startswith(_START)


def decode_control(payload: bytes) -> ControlRecord:
    """Raises `msgspec.MsgspecError` on bytes that no version of this program wrote."""
    record: ControlRecord = _decoder.decode(payload)
    return record
