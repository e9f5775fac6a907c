"""Place and kind of bot, and the address itself, each switchable per project."""

from pathlib import Path
from typing import Any

import pytest
from mmdb_writer import MMDBWriter
from netaddr import IPSet

from hedgerow.core.addresses import truncated_ip
from hedgerow.core.errors import UserError
from hedgerow.ingest.enrichment import Enricher
from hedgerow.testing import run_ingestion_vector
from hedgerow.testing.ingestion_vectors import run_with_enricher

GOOGLEBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"
IP = "203.0.113.77"


@pytest.fixture(scope="module")
def enricher(tmp_path_factory: pytest.TempPathFactory) -> Enricher:
    path = tmp_path_factory.mktemp("geoip") / "places.mmdb"
    writer = MMDBWriter(6, "GeoLite2-City", languages=["en"], ipv4_compatible=True)
    place = {
        "city": {"names": {"en": "Berlin"}},
        "country": {"iso_code": "DE", "names": {"en": "Germany"}},
        "continent": {"code": "EU", "names": {"en": "Europe"}},
        "location": {"latitude": 52.5, "longitude": 13.4, "time_zone": "Europe/Berlin"},
        "subdivisions": [{"iso_code": "BE", "names": {"en": "Land Berlin"}}],
    }
    network = IPSet(["203.0.113.0/24"])  # type: ignore[no-untyped-call]  # it has no annotations
    writer.insert_network(network, place)
    writer.to_db_file(str(path))
    return Enricher(path)


def result(
    enricher: Enricher, properties: dict[str, Any], **settings: Any
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The stored properties of one event from `IP`, and its person's."""
    event = {
        "event": "x",
        "distinct_id": "u",
        "properties": properties,
        "_request": {"ip": IP},
    }
    found = run_with_enricher({"events": [event], "settings": settings}, enricher)
    return found["events"][0]["properties"], found["persons"][0]["properties"]


def test_the_place_of_the_address_is_on_the_event_and_the_person(enricher: Enricher) -> None:
    event, person = result(enricher, {})
    assert event["$geoip_country_code"] == "DE"
    assert event["$geoip_city_name"] == "Berlin"
    assert "$geoip_postal_code" not in event
    assert person["$initial_geoip_country_code"] == "DE"
    assert person["$geoip_subdivision_1_code"] == "BE"
    assert person["$geoip_postal_code"] is None


def test_an_unknown_address_has_no_place(enricher: Enricher) -> None:
    event, _ = result(enricher, {"$ip": "198.51.100.1"})
    assert not any(name.startswith("$geoip") for name in event)


@pytest.mark.parametrize(
    ("properties", "settings"), [({"$geoip_disable": True}, {}), ({}, {"geoip_enabled": False})]
)
def test_the_place_can_be_switched_off(
    enricher: Enricher, properties: dict[str, Any], settings: dict[str, Any]
) -> None:
    event, person = result(enricher, properties, **settings)
    assert "$geoip_country_code" not in event
    assert "$geoip_country_code" not in person


def test_the_place_is_known_even_where_the_address_is_dropped(enricher: Enricher) -> None:
    event, _ = result(enricher, {}, anonymize_ips=True)
    assert "$ip" not in event
    assert event["$geoip_country_code"] == "DE"


def test_an_address_can_be_truncated(enricher: Enricher) -> None:
    event, _ = result(enricher, {}, truncate_ips=True)
    assert event["$ip"] == "203.0.113.0"
    assert truncated_ip("2001:db8:1:2:3::4") == "2001:db8:1::"
    assert truncated_ip("none") is None


def test_a_bot_is_named_by_its_kind_and_nobody_else() -> None:
    events = [
        {"event": "x", "distinct_id": "u", "properties": {"$raw_user_agent": agent}}
        for agent in (GOOGLEBOT, FIREFOX)
    ]
    bot, person = run_ingestion_vector({"events": events})["events"]
    assert bot["properties"]["$bot_class"] == "search-engine"
    assert "$bot_class" not in person["properties"]
    settings = {"bot_detection_enabled": False}
    (event, _) = run_ingestion_vector({"events": events, "settings": settings})["events"]
    assert "$bot_class" not in event["properties"]


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    broken = tmp_path / "broken.mmdb"
    broken.write_bytes(b"no database")
    with pytest.raises(UserError, match="HEDGEROW_GEOIP_DATABASE"):
        Enricher(broken)
