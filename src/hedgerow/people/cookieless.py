"""Visitors without cookies: who they are for one day, by a keyed hash (ingestion §15).

The hash is made of what every request carries, with a secret salt of the calendar day. Once the
salt is deleted nobody can tell from which address an id came, nor join two days of a visitor.
"""

import base64
import hashlib
import ipaddress
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from hedgerow.core.ids import uuid7

# What SDKs send in place of a distinct id.
SENTINEL: Final = "$posthog_cookieless"
SESSION_INACTIVITY_US: Final = 30 * 60 * 1_000_000

_HOUR_US: Final = 3_600_000_000
_DAY_US: Final = 24 * _HOUR_US
# A day begins first where clocks are 14 hours ahead of UTC, and ends last where they are 12 behind.
_BEGINS_BEFORE_US: Final = 14 * _HOUR_US
_ACCEPTED_FOR_US: Final = _DAY_US + 12 * _HOUR_US + 72 * _HOUR_US
_EPOCH_DAY: Final = date(1970, 1, 1).toordinal()
_EXTRA_CHARS_MAX: Final = 100
# Far longer ones are no browser's, and hashing takes time for each character.
_TRAIT_CHARS_MAX: Final = 1000

# Named as the event property that is missing, in the order in which they are looked for.
_MISSING: Final = (
    ("user_agent", "$raw_user_agent", "cookieless_missing_user_agent"),
    ("ip", "$ip", "cookieless_missing_ip"),
    ("host", "$host", "cookieless_missing_host"),
)
# Given up by the visitor for the hash only, with the copies that are lifted to a person.
_PERSONAL: Final = ("$ip", "$raw_user_agent", "$cookieless_extra")
_PERSONAL_NAMES: Final = (*_PERSONAL, *(f"$initial_{name[1:]}" for name in _PERSONAL))

# The part of a host name that can be registered, such as `example.co.uk`; None where it has none.
RegistrableDomain = Callable[[str], str | None]
Properties = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Traits:
    """What tells visitors apart; each is empty where the event lacks it."""

    user_agent: str
    ip: str
    host: str
    extra: str

    def missing(self) -> tuple[str, str] | None:
        """The first that is missing: the name of its property, and of the warning."""
        for name, property_name, warning in _MISSING:
            if not getattr(self, name):
                return property_name, warning
        return None


def traits(properties: Properties, request_ip: str) -> Traits:
    """As sent, else the address that the request came from."""
    return Traits(
        user_agent=_text(properties.get("$raw_user_agent"))[:_TRAIT_CHARS_MAX],
        ip=(_text(properties.get("$ip")) or request_ip)[:_TRAIT_CHARS_MAX],
        host=_text(properties.get("$host"))[:_TRAIT_CHARS_MAX],
        extra=_text(properties.get("$cookieless_extra"))[:_EXTRA_CHARS_MAX],
    )


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def hash_message(project_id: int, of: Traits, root: str, identifies: int) -> bytes:
    """What is hashed. `identifies` makes a visitor who has logged out somebody new."""
    text = f"{project_id}-{of.ip}-{root}-{of.user_agent}-{identifies}-{of.extra}"
    return text.encode("utf-8", "surrogatepass")


def root_domain(host: str, registrable: RegistrableDomain) -> str:
    """The domain that all of a site's hosts share, with its port; an address as it is."""
    try:
        return f"[{ipaddress.IPv6Address(host)}]"
    except ValueError:
        pass
    try:
        parts = urlsplit(host if "://" in host else f"http://{host}")
        name, port = parts.hostname, parts.port
    except ValueError:
        return host
    if not name:
        return host
    root = name if _is_address(name) else registrable(name) or name
    if ":" in root:
        root = f"[{root}]"
    if root == "localhost":
        root = "127.0.0.1"
    return f"{root}:{port}" if port else root


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class LocalDay:
    """The visitor's calendar day: `number` counts from 1970, `start_us` is its midnight."""

    number: int
    start_us: int


def local_day(timestamp_us: int, now_us: int, zone_names: Iterable[Any]) -> LocalDay | None:
    """The event's day in the first of the zones that exists, else in UTC.

    None where at `now_us`, when the event was received, no place on earth had that day within the
    last 72 hours.
    """
    if abs(now_us - timestamp_us) > _BEGINS_BEFORE_US + _ACCEPTED_FOR_US:
        return None
    zone = next(filter(None, map(_zone, zone_names)), UTC)
    local = datetime.fromtimestamp(timestamp_us // 1_000_000, zone)
    number = local.toordinal() - _EPOCH_DAY
    if not -_BEGINS_BEFORE_US <= now_us - number * _DAY_US < _ACCEPTED_FOR_US:
        return None
    start = local.replace(hour=0, minute=0, second=0, fold=0)
    return LocalDay(number, int(start.timestamp()) * 1_000_000)


def _zone(name: Any) -> ZoneInfo | None:
    if not isinstance(name, str) or not name:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def oldest_day(now_us: int) -> int:
    """The first day of which events are still accepted; salts of earlier ones are deleted."""
    return (now_us - _ACCEPTED_FOR_US) // _DAY_US + 1


def distinct_id(hashed: bytes) -> str:
    return "cookieless_" + _base64(hashed)


def device_id(hashed: bytes) -> str:
    return "cookielessd_" + _base64(hashed)


def _base64(hashed: bytes) -> str:
    return base64.b64encode(hashed).decode().rstrip("=")


def day_session_id(day: LocalDay, hashed: bytes) -> str:
    """The one session of a visitor's day."""
    return uuid7(day.start_us // 1000, lambda count: hashed[:count])


def new_session_id(timestamp_us: int, hashed: bytes, event_uuid: str) -> str:
    """A session that begins with this event; always the same, so that a replay makes no other."""
    made_of = hashed + event_uuid.encode()
    random = hashlib.blake2b(made_of, digest_size=16).digest()
    return uuid7(timestamp_us // 1000, lambda count: random[:count])


def without_personal(properties: Properties) -> None:
    """Take what only the hash may be made of out of an event's properties, or a person's."""
    for name in _PERSONAL_NAMES:
        properties.pop(name, None)
