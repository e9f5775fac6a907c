"""Which lane an event takes (capture-protocol §8.5)."""

from hedgerow.wire import record

_BY_NAME = {
    "$exception": record.LANE_EXCEPTIONS,
    "$$heatmap": record.LANE_HEATMAPS,
    "$$client_ingestion_warning": record.LANE_CLIENT_WARNINGS,
}


def event_lane(name: str, timestamp_us: int, *, historical: bool, reroute_until_us: int) -> str:
    """The lane by name; the historical one only takes events of no other lane.

    Events up to `reroute_until_us` are historical even where the batch does not say so.
    """
    special = _BY_NAME.get(name)
    if special is not None:
        return special
    if historical or timestamp_us <= reroute_until_us:
        return record.LANE_HISTORICAL
    return record.LANE_MAIN
