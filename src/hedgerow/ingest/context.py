"""What the steps of one batch share."""

from dataclasses import dataclass, field

from hedgerow.directory.batch import Warning as IngestionWarning
from hedgerow.ingest.groups_state import GroupsState
from hedgerow.ingest.people_state import PeopleState
from hedgerow.store.side_rows import HeatmapRow


@dataclass(slots=True)
class StepContext:
    people: PeopleState
    groups: GroupsState
    warnings: list[IngestionWarning] = field(default_factory=list)
    heatmap_rows: list[HeatmapRow] = field(default_factory=list)
