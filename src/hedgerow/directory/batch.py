"""What one ingest batch reads from the directory and writes back in one transaction.

Commit order of ingest (reliability §7.5): compute → store inserts → `Directory.commit_batch`.
The position lies in the same transaction as every effect, so a crash before it replays the batch
to the same result.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, NamedTuple


@dataclass(slots=True)
class Person:
    """A person (ingestion §2). `id` is its uuid as 16 bytes; `version` grows with each write.

    `main_distinct_id` is shown first; None means the oldest of its ids. `last_seen_at_us` is a
    whole hour; None where the person was made before it was kept.
    """

    project_id: int
    id: bytes
    properties: dict[str, Any]
    created_at_us: int
    is_identified: bool = False
    version: int = 0
    main_distinct_id: str | None = None
    last_seen_at_us: int | None = None


@dataclass(frozen=True, slots=True)
class DeletedPerson:
    """A person that was merged into another one, and its last version."""

    project_id: int
    id: bytes
    version: int


@dataclass(frozen=True, slots=True)
class PersonOverride:
    """Events that carry `old_person_id` count for `person_id` now (ingestion §3.4)."""

    project_id: int
    old_person_id: bytes
    person_id: bytes
    version: int


@dataclass(frozen=True, slots=True)
class GroupType:
    """A type of groups and its index, 0 to 4, in the order of first use (ingestion §8)."""

    project_id: int
    group_type: str
    type_index: int
    created_at_us: int


@dataclass(slots=True)
class Group:
    """A group as it now is; `version` 1 is the first (ingestion §8)."""

    project_id: int
    type_index: int
    group_key: str
    properties: dict[str, Any]
    created_at_us: int
    version: int = 1


@dataclass(frozen=True, slots=True)
class DistinctId:
    """One distinct id of a person. `version` 0 means the id the person was created with."""

    project_id: int
    distinct_id: str
    person_id: bytes
    version: int = 0


@dataclass(slots=True)
class CookielessVisitor:
    """A hash of a day (ingestion §15). `identifies` is counted on a visitor's first hash only.

    `session_id` is empty until an event has had this hash; the last one was at `last_event_us`.
    """

    day: int
    hash: bytes
    identifies: int = 0
    session_id: str = ""
    last_event_us: int = 0


class DedupeKey(NamedTuple):
    """A stored event, known by 16 bytes made of (project, day, event, distinct_id, uuid).

    `day` counts days since 1970 of the event's timestamp: it is part of the key and keeps the
    rows of one day together.
    """

    day: int
    key: bytes


class EventDefinition(NamedTuple):
    project_id: int
    name: str
    last_seen_at_us: int  # floored to the hour


class PropertyDefinition(NamedTuple):
    """`scope` is event, person, group or session; `property_type` String, Numeric, Boolean,
    DateTime or None. The type is kept as first known; a later one fills only None.
    """

    project_id: int
    scope: str
    name: str
    property_type: str | None


class EventProperty(NamedTuple):
    """One event has been seen with one property."""

    project_id: int
    event: str
    property: str


@dataclass(slots=True)
class Warning:  # noqa: A001 - the field's word for it
    """An ingestion warning (ingestion §18). Counted completely; the last 100 samples are kept.

    `count` is how many occurrences this entry stands for (an edge drop may stand for several).
    """

    project_id: int
    type: str
    category: str
    severity: str
    details: dict[str, Any]
    timestamp_us: int
    count: int = 1


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """An event that could not be processed: its bytes, where it lies, why and at which step."""

    position: int
    index: int
    project_id: int | None
    step: str
    reason: str
    payload: bytes
    timestamp_us: int


class OutcomeKey(NamedTuple):
    """`outcome` is received, stored, duplicate, dropped or dead_lettered; `reason` may be empty.

    received = stored + duplicate + dropped + dead_lettered, always.
    """

    project_id: int  # 0 where the project is unknown
    outcome: str
    reason: str = ""


class DeferredFrame(NamedTuple):
    """A frame that was put off, and in which lane; `next_position` is where it ends."""

    position: int
    next_position: int
    lane: str


@dataclass(slots=True)
class BatchEffects:
    """Everything one batch changes. `position` is where the log is read next."""

    position: int
    now_us: int  # the newest `now_us` of the batch's requests: the received time of dedupe keys
    newest_event_received_us: int = 0
    persons: list[Person] = field(default_factory=list)
    distinct_ids: list[DistinctId] = field(default_factory=list)
    deleted_persons: list[DeletedPerson] = field(default_factory=list)
    overrides: list[PersonOverride] = field(default_factory=list)
    group_types: list[GroupType] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    cookieless_visitors: list[CookielessVisitor] = field(default_factory=list)
    deferred: list[DeferredFrame] = field(default_factory=list)
    deferred_done: list[DeferredFrame] = field(default_factory=list)
    dedupe_keys: list[DedupeKey] = field(default_factory=list)
    event_definitions: list[EventDefinition] = field(default_factory=list)
    property_definitions: list[PropertyDefinition] = field(default_factory=list)
    event_properties: list[EventProperty] = field(default_factory=list)
    warnings: list[Warning] = field(default_factory=list)
    dead_letters: list[DeadLetter] = field(default_factory=list)
    outcomes: Counter[OutcomeKey] = field(default_factory=Counter)
