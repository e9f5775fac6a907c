"""Changing rows that are stored: who an event belongs to, and what must not be kept any longer.

These are mutations, which rewrite whole parts: rare, slow, and durable before they return. Every
one may be run again to no effect, since a crash may cut off what follows it. The engine keeps the
text of a mutation in a file, so values are named by their SHA-256: what is erased must not stay
there.
"""

import hashlib
import uuid
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from hedgerow.core.ids import PERSON_NAMESPACE

_WAIT: Final = "SETTINGS mutations_sync = 2"
# More values than this in one statement would be slow to parse.
_VALUES_MAX: Final = 1000

# The person's uuid of an event's distinct id, version 5 (`core.ids.person_uuid`).
_DIGEST: Final = (
    f"SHA1(concat(unhex('{PERSON_NAMESPACE.hex}'), toString(project_id), ':', distinct_id))"
)
_HEX: Final = f"lower(hex({_DIGEST}))"
_VARIANT: Final = (
    f"lower(hex(char(bitOr(bitAnd(reinterpretAsUInt8(substring({_DIGEST}, 9, 1)), 63), 128))))"
)
_PERSON_UUID: Final = (
    f"toUUID(concat(substring({_HEX}, 1, 8), '-', substring({_HEX}, 9, 4), '-5', "
    f"substring({_HEX}, 14, 3), '-', {_VARIANT}, substring({_HEX}, 19, 2), '-', "
    f"substring({_HEX}, 21, 12)))"
)

Statement = tuple[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Erasure:
    """What to delete of one project. Events, heatmap points and recordings go only up to a
    log position.

    `events_before_position` None keeps all events.
    """

    project_id: int
    person_ids: Collection[bytes] = field(default_factory=tuple)
    distinct_ids: Collection[str] = field(default_factory=tuple)
    old_person_ids: Collection[bytes] = field(default_factory=tuple)
    events_before_position: int | None = None


def reassignment_statements(
    project_id: int, distinct_ids: Collection[str], before_position: int
) -> Iterator[Statement]:
    statement = (
        f"ALTER TABLE events UPDATE person_id = {_PERSON_UUID} "
        "WHERE project_id = {project:Int64} "
        "AND hex(SHA256(distinct_id)) IN {values:Array(String)} "
        f"AND log_position < {{before:Int64}} {_WAIT}"
    )
    for values in _chunks(distinct_ids):
        yield statement, {"project": project_id, "values": values, "before": before_position}


def erasure_statements(erasure: Erasure) -> Iterator[Statement]:
    person_ids = [str(uuid.UUID(bytes=item)) for item in erasure.person_ids]
    old_ids = [str(uuid.UUID(bytes=item)) for item in erasure.old_person_ids]
    project_id = erasure.project_id
    yield from _deletions(project_id, "persons", "toString(id)", person_ids)
    yield from _deletions(
        project_id, "static_cohort_people", "toString(person_id)", [*person_ids, *old_ids]
    )
    yield from _deletions(project_id, "person_overrides", "toString(old_person_id)", old_ids)
    yield from _deletions(project_id, "person_distinct_ids", "distinct_id", erasure.distinct_ids)
    before = erasure.events_before_position
    if before is not None:
        for table in ("events", "heatmaps", "session_recordings"):
            yield from _deletions(project_id, table, "distinct_id", erasure.distinct_ids, before)


def _deletions(
    project_id: int, table: str, text: str, values: Collection[str], before: int | None = None
) -> Iterator[Statement]:
    upper = "" if before is None else f"AND log_position < {int(before)} "
    statement = (
        f"ALTER TABLE {table} DELETE WHERE project_id = {{project:Int64}} "
        f"AND hex(SHA256({text})) IN {{values:Array(String)}} {upper}{_WAIT}"
    )
    for some in _chunks(values):
        yield statement, {"project": project_id, "values": some}


def _chunks(values: Collection[str]) -> Iterator[list[str]]:
    """The values' hashes as the engine's `hex` writes them, some at a time."""
    hashes = [hashlib.sha256(value.encode()).hexdigest().upper() for value in values]
    for start in range(0, len(hashes), _VALUES_MAX):
        yield hashes[start : start + _VALUES_MAX]
