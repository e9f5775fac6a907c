"""What makes two events the same: project, day, event, distinct id and uuid (ingestion §10)."""

from functools import partial
from hashlib import blake2b
from typing import Final

from hedgerow.directory.batch import DedupeKey
from hedgerow.wire.record import LoggedEvent

DAY_US: Final = 86_400_000_000
_HASH_BYTES: Final = 10
# What a named tuple does to be made, without its call in between.
_key: "partial[DedupeKey]" = partial(tuple.__new__, DedupeKey)


def dedupe_key(project_id: int, event: LoggedEvent) -> DedupeKey:
    """Six bytes of the uuid, then ten of a hash of all that makes the event what it is.

    The uuid's first bytes are its time where it has one (version 7): keys of the same minute then
    share a page of the directory's table, which is written once instead of a page an event. The
    uuid is the client's choice, so the hash keeps apart what it could make alike (reliability
    §1.8); one of its own project's events is all that it could hide.
    """
    day = event.timestamp_us // DAY_US
    name, uuid = event.event, event.uuid
    # The length of the name tells it from the distinct id.
    identity = f"{project_id}:{day}:{len(name)}:{name}{event.distinct_id}{uuid}"
    hashed = blake2b(identity.encode(), digest_size=_HASH_BYTES).digest()
    return _key((day, bytes.fromhex(uuid[:8] + uuid[9:13]) + hashed))
