"""All that ingest needs of the directory: what it reads for a batch, and the one commit.

A batch's effects and the log position that follows it become durable together or not at all, so
a batch that was cut off is replayed from where it began (reliability §7 rule 5).
"""

from hedgerow.directory.batch import BatchEffects
from hedgerow.directory.cookieless import save_cookieless_visitors
from hedgerow.directory.dead_letters import add_dead_letters
from hedgerow.directory.deferred_frames import save_deferred
from hedgerow.directory.definitions import load_known_definitions, save_definitions
from hedgerow.directory.engine import Directory
from hedgerow.directory.groups import save_group_types, save_groups
from hedgerow.directory.outcomes import add_outcomes, advance_progress, progress
from hedgerow.directory.overrides import save_overrides
from hedgerow.directory.persons import delete_persons, load_persons, save_persons
from hedgerow.directory.seen_events import add_seen_keys, evict_dedupe_keys, seen_keys
from hedgerow.directory.warnings import add_warnings

__all__ = [
    "commit_batch",
    "evict_dedupe_keys",
    "ingest_position",
    "load_known_definitions",
    "load_persons",
    "seen_keys",
]


def ingest_position(directory: Directory) -> int:
    """Where the log is read next: everything before it is in the directory. 0 at first."""
    return progress(directory).position


def commit_batch(directory: Directory, effects: BatchEffects) -> None:
    """Durably write the batch's effects and its position, all or nothing.

    Raises `sqlalchemy.exc.DBAPIError` when the database refuses; nothing has then changed.
    """
    with directory.write() as connection:
        save_persons(connection, effects.persons, effects.distinct_ids)
        delete_persons(connection, effects.deleted_persons)
        save_overrides(connection, effects.overrides)
        save_group_types(connection, effects.group_types)
        save_groups(connection, effects.groups)
        save_cookieless_visitors(connection, effects.cookieless_visitors)
        save_deferred(connection, effects.deferred, effects.deferred_done)
        save_definitions(
            connection,
            effects.event_definitions,
            effects.property_definitions,
            effects.event_properties,
        )
        add_seen_keys(connection, effects.dedupe_keys, effects.now_us)
        add_warnings(connection, effects.warnings)
        add_dead_letters(connection, effects.dead_letters)
        add_outcomes(connection, effects.outcomes)
        advance_progress(connection, effects.position, effects.newest_event_received_us)
