"""The event as it passes the steps, and what a step may say about it."""

from dataclasses import dataclass, field
from typing import Any

from hedgerow.directory.batch import Person
from hedgerow.directory.project_settings import ProjectSettings
from hedgerow.wire.drops import DropReason
from hedgerow.wire.record import LoggedEvent, LoggedRequest


@dataclass(frozen=True, slots=True)
class Drop:
    """The event ends here, by a rule; it is counted and, with a warning, shown."""

    reason: DropReason


@dataclass(slots=True)
class IngestEvent:
    """One event on its way. Each step reads what the ones before it have filled in."""

    project_id: int
    request: LoggedRequest
    logged: LoggedEvent
    log_position: int
    log_index: int
    settings: ProjectSettings
    name: str = ""
    distinct_id: str = ""
    properties: dict[str, Any] = field(default_factory=dict)
    set: dict[str, Any] = field(default_factory=dict)
    set_once: dict[str, Any] = field(default_factory=dict)
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
