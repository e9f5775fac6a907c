"""What else in the directory names a distinct id of a person, and goes when the person does."""

from collections.abc import Collection

import msgspec
from sqlalchemy import Connection, delete, or_, select, tuple_

from hedgerow.core import json
from hedgerow.directory.chunks import chunks
from hedgerow.directory.flags_schema import feature_flag_kept_ids as kept_ids
from hedgerow.directory.schema import dead_letters
from hedgerow.directory.schema import ingestion_warning_samples as samples


class _Letter(msgspec.Struct, array_like=True):
    """The first fields of a logged event (`wire.record.LoggedEvent`)."""

    uuid: str
    event: str
    distinct_id: str


_decode_letter = msgspec.json.Decoder(_Letter).decode


def erase_traces(
    connection: Connection, project_id: int, distinct_ids: Collection[str], *, with_events: bool
) -> None:
    """The samples of warnings, which stay counted; the flags' kept ids; with the events also the
    dead letters, which are events that could not be stored.
    """
    _erase_samples(connection, project_id, distinct_ids)
    for chunk in chunks(distinct_ids):
        named = or_(kept_ids.c.distinct_id.in_(chunk), kept_ids.c.kept_id.in_(chunk))
        connection.execute(delete(kept_ids).where(kept_ids.c.project_id == project_id, named))
    if with_events:
        _erase_dead_letters(connection, project_id, distinct_ids)


def _erase_samples(connection: Connection, project_id: int, distinct_ids: Collection[str]) -> None:
    """Wherever the id stands in the details, also within the sample of a dropped event."""
    texts = [json.encode(distinct_id).decode() for distinct_id in distinct_ids]
    texts += [json.encode(text).decode()[1:-1] for text in texts]
    query = select(samples.c.id, samples.c.details).where(samples.c.project_id == project_id)
    naming = [
        row_id
        for row_id, details in connection.execute(query)
        if any(text in details for text in texts)
    ]
    for chunk in chunks(naming):
        connection.execute(delete(samples).where(samples.c.id.in_(chunk)))


def _erase_dead_letters(
    connection: Connection, project_id: int, distinct_ids: Collection[str]
) -> None:
    key = (dead_letters.c.position, dead_letters.c.event_index)
    query = select(*key, dead_letters.c.payload).where(dead_letters.c.project_id == project_id)
    wanted = frozenset(distinct_ids)
    theirs = [
        (position, index)
        for position, index, payload in connection.execute(query)
        if _decode_letter(payload).distinct_id in wanted
    ]
    for chunk in chunks(theirs):
        connection.execute(delete(dead_letters).where(tuple_(*key).in_(chunk)))
