"""Steps that give the stored event its final form (ingestion §10)."""

from functools import lru_cache
from typing import Final

from hedgerow.core.addresses import truncated_ip
from hedgerow.ingest.context import StepContext
from hedgerow.ingest.elements import elements_chain
from hedgerow.ingest.event import Drop, IngestEvent
from hedgerow.wire.timestamps import format_milliseconds

BLOAT: Final = frozenset(
    (
        "ph_product_tours",
        "$product_tours_activated",
        "$override_feature_flag_payloads",
        "$verified",
    )
)
ELEMENTS: Final = frozenset(("$elements_chain", "$elements"))
_INTERNAL_IP: Final = "127.0.0.1"


# All events of a request share one time of sending.
_time_text = lru_cache(maxsize=64)(format_milliseconds)


def drop_bloat(event: IngestEvent, _context: StepContext) -> Drop | None:
    """What is never stored."""
    for name in BLOAT:
        event.properties.pop(name, None)
    return None


def add_request(event: IngestEvent, _context: StepContext) -> Drop | None:
    """`$ip` and `$sent_at`."""
    properties = event.properties
    request = event.request
    if event.settings.anonymize_ips or event.logged.cookieless:
        properties.pop("$ip", None)
    elif "$ip" not in properties and request.ip:
        properties["$ip"] = _INTERNAL_IP if event.logged.internal else request.ip
    if event.settings.truncate_ips and isinstance(properties.get("$ip"), str):
        properties["$ip"] = truncated_ip(properties["$ip"])
    if request.sent_at_us is not None:
        properties["$sent_at"] = _time_text(request.sent_at_us)
    return None


def chain_elements(event: IngestEvent, _context: StepContext) -> Drop | None:
    """The elements chain is a column of its own."""
    chain = event.properties.pop("$elements_chain", None)
    elements = event.properties.pop("$elements", None)
    if isinstance(chain, str) and chain:
        event.elements_chain = chain
    elif elements is not None:
        event.elements_chain = elements_chain(elements)
    return None
