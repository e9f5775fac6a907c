"""`$process_person_profile`: which events have a person, and how the row says so (ingestion §7)."""

from typing import Any, Final

FLAG: Final = "$process_person_profile"
# These are about persons; without one they mean nothing.
PERSON_EVENTS: Final = frozenset(
    ("$identify", "$create_alias", "$merge_dangerously", "$groupidentify")
)
FORCE_UPGRADE_AFTER_US: Final = 60 * 1_000_000


def is_personless(value: Any) -> bool:
    """Only exactly false; every other value counts as true."""
    return value is False


def is_valid_flag(value: Any) -> bool:
    return isinstance(value, bool)


def personless_mode(timestamp_us: int, person_created_at_us: int | None) -> str:
    """`force_upgrade` marks a personless event long after its id had a person."""
    if person_created_at_us is None:
        return "propertyless"
    late = timestamp_us > person_created_at_us + FORCE_UPGRADE_AFTER_US
    return "force_upgrade" if late else "propertyless"
