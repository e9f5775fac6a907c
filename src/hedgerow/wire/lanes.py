"""Which lane an event takes (capture-protocol §8.5)."""

from hedgerow.wire import record
from hedgerow.wire.heatmap_split import HEATMAP_EVENT

LANES_BY_NAME = {
    "$exception": record.LANE_EXCEPTIONS,
    HEATMAP_EVENT: record.LANE_HEATMAPS,
    "$$client_ingestion_warning": record.LANE_CLIENT_WARNINGS,
}


def event_lane(name: str, *, historical: bool) -> str:
    """The lane by name; the historical one only takes events of no other lane."""
    special = LANES_BY_NAME.get(name)
    if special is not None:
        return special
    return record.LANE_HISTORICAL if historical else record.LANE_MAIN
