"""How an event changes a person's properties: pure rules (ingestion §4, §5)."""

from functools import lru_cache
from typing import Any, Final

from msgspec import Struct

from hedgerow.core import json

Properties = dict[str, Any]

# Event properties that also describe the person, now and at first touch (ingestion §5).
LIFTED: Final = frozenset(
    [
        "$app_build",
        "$app_name",
        "$app_namespace",
        "$app_version",
        "$browser",
        "$browser_version",
        "$device_type",
        "$current_url",
        "$pathname",
        "$os",
        "$os_name",
        "$os_version",
        "$referring_domain",
        "$referrer",
        "$screen_height",
        "$screen_width",
        "$viewport_height",
        "$viewport_width",
        "$raw_user_agent",
        "utm_source",
        "utm_medium",
        "utm_campaign",
        "utm_content",
        "utm_name",
        "utm_term",
        "gclid",
        "gad_source",
        "gclsrc",
        "dclid",
        "gbraid",
        "wbraid",
        "fbclid",
        "msclkid",
        "twclid",
        "li_fat_id",
        "mc_cid",
        "igshid",
        "ttclid",
        "rdt_cid",
        "irclid",
        "_kx",
        "epik",
        "qclid",
        "sccid",
    ]
)
INITIAL_NAMES: Final = {name: "$initial_" + name.removeprefix("$") for name in LIFTED}

_NOISY_GEOIP = [
    "postal_code",
    "time_zone",
    "latitude",
    "longitude",
    "accuracy_radius",
    "subdivision_1_code",
    "subdivision_2_code",
    "subdivision_3_code",
    "subdivision_1_name",
    "subdivision_2_name",
    "subdivision_3_name",
    "city_confidence",
    "country_confidence",
    "postal_code_confidence",
    "subdivision_1_confidence",
    "subdivision_2_confidence",
]
# Keys that change with every page: alone they are not worth a write (ingestion §4).
NOISY: Final = frozenset(
    [
        "$current_url",
        "$pathname",
        "$referring_domain",
        "$referrer",
        "$screen_height",
        "$screen_width",
        "$viewport_height",
        "$viewport_width",
        "$browser",
        "$browser_version",
        "$device_type",
        "$raw_user_agent",
        "$os",
        "$os_name",
        "$os_version",
    ]
) | {f"$geoip_{name}" for name in _NOISY_GEOIP}

# These always write, noisy or not.
ALWAYS_WRITTEN_EVENTS: Final = frozenset(
    ("$identify", "$create_alias", "$merge_dangerously", "$set")
)
UNLIFTED_EVENTS: Final = frozenset(("$snapshot", "$performance_event"))


class PersonChange(Struct, frozen=True, gc=False):
    """What one event asks of its person. `unset` are keys to remove.

    `always_written` is whether the event is one of `ALWAYS_WRITTEN_EVENTS`.
    """

    always_written: bool
    set: Properties
    set_once: Properties
    unset: tuple[str, ...]


def is_plain(change: PersonChange) -> bool:
    """Whether equal values are the same value: not so for lists and objects, which always count
    as changed, nor for true, which equals 1 here.
    """
    return _NOT_PLAIN.isdisjoint(map(type, change.set.values())) and _NOT_PLAIN.isdisjoint(
        map(type, change.set_once.values())
    )


_NOT_PLAIN: Final = frozenset((bool, dict, list))


def unset_keys(value: Any) -> tuple[str, ...]:
    """`properties.$unset` is a list of keys or an object whose keys count; others are ignored."""
    if isinstance(value, dict):
        return tuple(value)
    if isinstance(value, list):
        return tuple(key for key in value if isinstance(key, str))
    return ()


def merged(under: Any, over: Any) -> Properties:
    """`over` wins per key; anything but an object counts as empty."""
    under = under if isinstance(under, dict) else {}
    return {**under, **over} if isinstance(over, dict) else under


def lift(event: str, properties: Properties, set_: Properties, set_once: Properties) -> None:
    """Add the lifted properties to `set_` and `set_once` in place (ingestion §5)."""
    if event in UNLIFTED_EVENTS:
        return
    is_server = properties.get("$is_server") is True
    if not is_server and "$os_name" in properties:
        properties.setdefault("$os", properties["$os_name"])
    for name in lifted_names(tuple(properties), is_server=is_server):
        value = properties[name]
        set_.setdefault(name, value)
        if value is not None:
            set_once.setdefault(INITIAL_NAMES[name], value)


def lifted_names(names: tuple[str, ...], *, is_server: bool) -> tuple[str, ...]:
    """Those of an event's property names that are lifted, sorted.

    Events of one kind have the same names, so what was found is remembered, unless there are too
    many of them.
    """
    find = _lifted_names if len(names) <= _REMEMBERED_NAMES_MAX else _lifted_names.__wrapped__
    return find(names, is_server)


_REMEMBERED_NAMES_MAX: Final = 200


@lru_cache(maxsize=1024)
def _lifted_names(names: tuple[str, ...], is_server: bool) -> tuple[str, ...]:
    lifted = LIFTED.intersection(names)
    if is_server:
        # They tell of the server, not of the person.
        return tuple(sorted(lifted - {"$os", "$os_version"}))
    # `$os_name` is another name of `$os`, which `lift` has seen to.
    return tuple(sorted(lifted - {"$os_name"}))


@lru_cache(maxsize=1024)
def initial_names(names: tuple[str, ...]) -> tuple[str, ...]:
    """What lifted properties are called at first touch."""
    return tuple(INITIAL_NAMES[name] for name in names)


def created_properties(change: PersonChange, creator_event_uuid: str) -> Properties:
    """The first properties of a person: `$set` beats `$set_once` (ingestion §2)."""
    return {**change.set_once, **change.set, "$creator_event_uuid": creator_event_uuid}


def updated_properties(current: Properties, change: PersonChange) -> Properties | None:
    """The new properties, or None where nothing worth a write has changed (ingestion §4)."""
    changes = {
        name: value
        for name, value in change.set_once.items()
        if name not in current or (current[name] is None and value is not None)
    }
    for name, value in change.set.items():
        if name in changes:
            changes[name] = value
            continue
        known = current.get(name, _ABSENT)
        # The same text is by far the most frequent case.
        if known is value or (known.__class__ is str and known == value):
            continue
        if not _strictly_equal(known, value):
            changes[name] = value
    removed = [name for name in change.unset if name in current or name in changes]
    if not removed:
        if not changes:
            return None
        worth_a_write = change.always_written or any(
            name not in current or name not in NOISY for name in changes
        )
        if not worth_a_write:
            return None
    new = {**current, **changes}
    for name in removed:
        new.pop(name, None)
    return new


_PROTECTED: Final = (
    LIFTED
    | frozenset(("email", "name", "$session_id", "$window_id", "$pageview_id", "$host"))
    | frozenset(("$user_id", "$device_id", "$anon_distinct_id", *INITIAL_NAMES.values()))
)


def trimmed(properties: Properties, bytes_max: int) -> Properties:
    """At most `bytes_max` of JSON, by leaving out keys in alphabetical order (ingestion §4).

    What describes the person and its device stays, so the result may still be too large.
    """
    kept = dict(properties)
    size = len(json.encode(kept))
    for name in sorted(kept.keys() - _PROTECTED):
        if size <= bytes_max:
            break
        size -= len(json.encode({name: kept.pop(name)})) - 1
    return kept


_ABSENT = object()


def _strictly_equal(left: Any, right: Any) -> bool:
    """Equality as JavaScript's `===` has it: objects and lists are always different."""
    if left is _ABSENT or isinstance(left, dict | list) or isinstance(right, dict | list):
        return False
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, int | float) and isinstance(right, int | float):
        return left == right
    return type(left) is type(right) and bool(left == right)
