"""The event as it passes the steps, and what a step may say about it."""

from dataclasses import dataclass
from typing import Any

from msgspec import Struct

from hedgerow.directory.batch import DedupeKey, Person
from hedgerow.directory.project_settings import ProjectSettings
from hedgerow.ingest.property_names import PropertyNames
from hedgerow.wire.drops import DropReason
from hedgerow.wire.record import LoggedEvent, LoggedRequest


@dataclass(frozen=True, slots=True)
class Drop:
    """The event ends here, by a rule; it is counted and, with a warning, shown."""

    reason: DropReason


class IngestEvent(Struct, gc=False):
    """One event on its way. Each step reads what the ones before it have filled in.

    Not a dataclass, since there is one for each event: this is made in a third of the time.
    """

    project_id: int
    request: LoggedRequest
    logged: LoggedEvent
    log_position: int
    log_index: int
    settings: ProjectSettings
    # What makes it the same as another one, and whether its key may have been forgotten.
    key: DedupeKey
    is_late: bool
    # Something of its request or its project calls for every step (`steps.py`).
    needs_care: bool = False
    name: str = ""
    distinct_id: str = ""
    properties: dict[str, Any] = {}
    # As they were sent: steps add some and take some away.
    names: PropertyNames | None = None
    set: dict[str, Any] = {}
    set_once: dict[str, Any] = {}
    unset: tuple[str, ...] = ()
    personless: bool = False
    # Set by the merge step: the person becomes identified, and is shown by this id.
    identifies: bool = False
    main_distinct_id: str | None = None
    person: Person | None = None
    person_id: bytes = b""
    person_mode: str = "full"
    person_properties: bytes = b"{}"
    person_created_at_us: int = 0
    elements_chain: str = ""
    group_type_index: int | None = None

    @property
    def uuid(self) -> str:
        return self.logged.uuid

    @property
    def timestamp_us(self) -> int:
        return self.logged.timestamp_us
