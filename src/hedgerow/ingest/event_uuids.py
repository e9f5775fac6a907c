"""The step that looks at an event's uuid (ingestion §18)."""

from hedgerow.ingest.context import StepContext
from hedgerow.ingest.event import Drop, IngestEvent

_VERSION_AT = 14


def check_uuid(event: IngestEvent, context: StepContext) -> Drop | None:
    """A uuid of a client should be of version 7, which is cheaper to tell from the ones before."""
    if event.logged.uuid_sent and event.logged.uuid[_VERSION_AT] != "7":
        context.tally.add(event, "event_uuid_not_v7")
    return None
