"""What the steps of one batch share."""

from dataclasses import dataclass, field
from typing import Any, Protocol

from hedgerow.directory.batch import Warning as IngestionWarning
from hedgerow.ingest.cookieless_state import CookielessState
from hedgerow.ingest.groups_state import GroupsState
from hedgerow.ingest.people_state import PeopleState
from hedgerow.ingest.warning_tally import WarningTally
from hedgerow.store.side_rows import HeatmapRow


class Enrichment(Protocol):
    """What is known of addresses and user agents (`enrichment.py`)."""

    @property
    def knows_places(self) -> bool: ...

    def place(self, ip: str, /) -> dict[str, Any] | None: ...

    def bot(self, agent: str, /) -> str | None: ...


@dataclass(slots=True)
class StepContext:
    people: PeopleState
    groups: GroupsState
    cookieless: CookielessState
    enricher: Enrichment
    warnings: list[IngestionWarning] = field(default_factory=list)
    tally: WarningTally = field(default_factory=WarningTally)
    heatmap_rows: list[HeatmapRow] = field(default_factory=list)
