"""What makes two events the same: project, day, event, distinct id and uuid (ingestion §10)."""

import hashlib
from typing import Final

from hedgerow.directory.batch import DedupeKey
from hedgerow.wire.record import LoggedEvent

DAY_US: Final = 86_400_000_000


def dedupe_key(project_id: int, event: LoggedEvent) -> DedupeKey:
    """Sixteen bytes of hash, since the uuid is the client's choice (reliability §1.8)."""
    day = event.timestamp_us // DAY_US
    name = event.event.encode()
    distinct_id = event.distinct_id.encode()
    identity = b"%d:%d:%d:%b%d:%b%b" % (
        project_id,
        day,
        len(name),
        name,
        len(distinct_id),
        distinct_id,
        event.uuid.encode(),
    )
    return DedupeKey(day, hashlib.blake2b(identity, digest_size=16).digest())
