"""The rows that ingest hands to the store, and the hot properties that get a typed column."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from msgspec import Struct

# Properties that people filter and group by most (design §5): column name → property.
HOT_STRING_PROPERTIES: dict[str, str] = {
    "current_url": "$current_url",
    "pathname": "$pathname",
    "host": "$host",
    "referrer": "$referrer",
    "referring_domain": "$referring_domain",
    "browser": "$browser",
    "os": "$os",
    "device_type": "$device_type",
    "session_id": "$session_id",
    "window_id": "$window_id",
    "lib": "$lib",
    "utm_source": "utm_source",
    "utm_medium": "utm_medium",
    "utm_campaign": "utm_campaign",
    "utm_content": "utm_content",
    "utm_term": "utm_term",
    "geoip_country_code": "$geoip_country_code",
    "screen_name": "$screen_name",
    "group_0": "$group_0",
    "group_1": "$group_1",
    "group_2": "$group_2",
    "group_3": "$group_3",
    "group_4": "$group_4",
    "external_click_url": "$external_click_url",
    "gclid": "gclid",
    "fbclid": "fbclid",
    "gad_source": "gad_source",
}

# Of the properties above, those whose column came with a later migration.
LATER_HOT_COLUMNS = frozenset(("external_click_url", "gclid", "fbclid", "gad_source"))


class EventIdentity(NamedTuple):
    """What makes two stored events the same (ingestion §10); `day` counts days since 1970."""

    project_id: int
    day: int
    event: str
    distinct_id: str
    uuid: str


PERSON_MODES = ("full", "propertyless", "force_upgrade")

_HOT_PROPERTIES = tuple(HOT_STRING_PROPERTIES.values())


def hot_values(properties: dict[str, Any]) -> tuple[Any, ...]:
    """The values of the hot properties, in their order, None where the event lacks one."""
    return tuple(map(properties.get, _HOT_PROPERTIES))


class EventRow(Struct, gc=False):
    """One stored event. (`log_position`, `log_index`) name it once and for all in the log.

    `properties` and `person_properties` are JSON text; `hot` are the `hot_values` of the former, so
    that a row which waits to be written does not keep all its values in memory.
    """

    uuid: str
    project_id: int
    event: str
    distinct_id: str
    person_id: bytes
    timestamp_us: int
    received_at_us: int
    properties: bytes
    person_properties: bytes
    person_created_at_us: int
    person_mode: str
    elements_chain: str
    historical_migration: bool
    log_position: int
    log_index: int
    hot: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class PersonRow:
    """The store's copy of a person: latest version wins."""

    project_id: int
    id: bytes
    created_at_us: int
    properties: bytes
    is_identified: bool
    version: int
    is_deleted: bool = False


@dataclass(frozen=True, slots=True)
class DistinctIdRow:
    """The store's copy of distinct id → person: latest version wins."""

    project_id: int
    distinct_id: str
    person_id: bytes
    version: int
    is_deleted: bool = False
