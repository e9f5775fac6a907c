"""What the address and the user agent of an event tell: place, and kind of bot (ingestion §5).

Only from files on this machine: the operator's mmdb file, and the patterns that come with the
package `crawler-user-agents`. The same address or agent comes again, so answers are kept.
"""

from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import crawleruseragents
import maxminddb

from hedgerow.core.errors import UserError
from hedgerow.ingest.context import Enrichment, StepContext
from hedgerow.ingest.event import Drop, IngestEvent

Place = dict[str, Any]

USER_AGENT: Final = "$raw_user_agent"
_KEPT_ANSWERS: Final = 20_000
_AGENT_CHARS_MAX: Final = 1000
_UNTAGGED: Final = "crawler"
_SUBDIVISIONS_MAX: Final = 3


class Enricher:
    """Looks addresses and agents up; without a file no address has a place."""

    def __init__(self, geoip_database: Path | None = None) -> None:
        """Raises `UserError` where the file cannot be read."""
        self._reader: maxminddb.Reader | None = None
        if geoip_database is not None:
            try:
                self._reader = maxminddb.open_database(geoip_database)
            except (OSError, maxminddb.InvalidDatabaseError) as error:
                raise UserError(
                    f"HEDGEROW_GEOIP_DATABASE: {geoip_database} cannot be read: {error}"
                ) from error
        self._kept_place = lru_cache(maxsize=_KEPT_ANSWERS)(self._look_up)
        self._kept_bot = lru_cache(maxsize=_KEPT_ANSWERS)(_bot)

    @property
    def knows_places(self) -> bool:
        return self._reader is not None

    def place(self, ip: str) -> Place | None:
        """The `$geoip_*` parts without their prefix; None where nothing is known."""
        return self._kept_place(ip)

    def bot(self, agent: str) -> str | None:
        """The kind of bot, such as `search-engine`; None for everybody else."""
        return self._kept_bot(agent)

    def _look_up(self, ip: str) -> Place | None:
        assert self._reader is not None
        try:
            found = self._reader.get(ip)
        except ValueError:
            return None
        return _parts(found) if isinstance(found, dict) else None


def add_place(event: IngestEvent, context: StepContext) -> Drop | None:
    """Before anything is lifted to the person, and before the address is dropped."""
    # Of a visitor without cookies nobody is told the address, so neither the place.
    has_place = context.enricher.knows_places and not event.logged.cookieless
    if has_place and event.settings.geoip_enabled:
        _add_place(event, context.enricher)
    return None


def add_bot(event: IngestEvent, context: StepContext) -> Drop | None:
    """The kind of bot that the user agent names."""
    if event.settings.bot_detection_enabled and USER_AGENT in event.properties:
        _add_bot(event, context.enricher)
    return None


def _add_place(event: IngestEvent, enricher: Enrichment) -> None:
    properties = event.properties
    ip = properties.get("$ip", event.request.ip)
    if not ip or not isinstance(ip, str) or properties.get("$geoip_disable"):
        return
    place = enricher.place(ip)
    if place is None:
        return
    for part, value in place.items():
        if value is not None:
            properties[f"$geoip_{part}"] = value
    if event.personless:
        return
    for part, value in place.items():
        if value is not None:
            event.set_once.setdefault(f"$initial_geoip_{part}", value)
        # The person's place is the latest one whole: an unknown part is not the one before.
        event.set.setdefault(f"$geoip_{part}", value)


def _add_bot(event: IngestEvent, enricher: Enrichment) -> None:
    agent = event.properties[USER_AGENT]
    if not isinstance(agent, str):
        return
    kind = enricher.bot(agent[:_AGENT_CHARS_MAX])
    if kind is not None:
        event.properties["$bot_class"] = kind


def _bot(agent: str) -> str | None:
    if not crawleruseragents.is_crawler(agent):
        return None
    for number in crawleruseragents.matching_crawlers(agent):
        tags = crawleruseragents.CRAWLER_USER_AGENTS_DATA[number].get("tags")
        if tags:
            return str(tags[0])
    return _UNTAGGED


def _parts(found: dict[str, Any]) -> Place:
    location = found.get("location", {})
    place: Place = {
        "city_name": _name(found.get("city")),
        "country_name": _name(found.get("country")),
        "country_code": found.get("country", {}).get("iso_code"),
        "continent_name": _name(found.get("continent")),
        "continent_code": found.get("continent", {}).get("code"),
        "postal_code": found.get("postal", {}).get("code"),
        "latitude": location.get("latitude"),
        "longitude": location.get("longitude"),
        "accuracy_radius": location.get("accuracy_radius"),
        "time_zone": location.get("time_zone"),
    }
    for number, part in enumerate(found.get("subdivisions", [])[:_SUBDIVISIONS_MAX], 1):
        place[f"subdivision_{number}_code"] = part.get("iso_code")
        place[f"subdivision_{number}_name"] = _name(part)
    return place


def _name(part: dict[str, Any] | None) -> str | None:
    name: str | None = (part or {}).get("names", {}).get("en")
    return name
