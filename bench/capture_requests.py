"""Capture requests built once, of which only the parts that must be unique change per send.

A request is cut at the places where its number goes. Joining the pieces with a number then gives
a complete request with new uuids in one copy, which keeps the load generator cheap.
"""

import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

DISTINCT_IDS = 10_000
SINGLE_PATH = "/i/v0/e/"
BATCH_PATH = "/batch/"

# Stands in a built request where its number goes. As long as the number, so that the
# Content-Length stays true.
NUMBER_CHARS = 13
NUMBER_PLACE = "#" * NUMBER_CHARS
# Odd, hence one to one on the numbers below 2**48: uuids neither repeat nor look like a sequence,
# which would flatter the bytes on disk.
NUMBER_SCRAMBLER = 0x9E3779B97F4B
NUMBER_MASK = (1 << 48) - 1

PAGES = ("", "pricing", "docs/install", "docs/api", "blog/launch", "account/billing", "checkout")
BROWSERS = (("Chrome", 129), ("Firefox", 131), ("Safari", 18), ("Microsoft Edge", 129))
SYSTEMS = ("Windows", "Mac OS X", "Linux", "Android", "iOS")
EVENT_NAMES = ("$pageview", "$pageview", "$pageview", "$autocapture", "$pageleave", "file opened")


def _properties(chance: random.Random) -> dict[str, Any]:
    """25 properties as a browser SDK sends them."""
    page = chance.choice(PAGES)
    browser, browser_version = chance.choice(BROWSERS)
    return {
        "$lib": "web",
        "$lib_version": "1.235.0",
        "$current_url": f"https://shop.example/{page}",
        "$pathname": f"/{page}",
        "$host": "shop.example",
        "$referring_domain": "$direct",
        "$browser": browser,
        "$browser_version": browser_version,
        "$os": chance.choice(SYSTEMS),
        "$device_type": "Desktop",
        "$screen_width": chance.choice((1280, 1440, 1920)),
        "$screen_height": chance.choice((720, 900, 1080)),
        "scroll": chance.randrange(5000),
        "tabs": chance.randrange(1, 9),
        "$session_id": str(uuid.UUID(int=chance.getrandbits(128), version=4)),
        "$insert_id": NUMBER_PLACE,
        "locale": "en",
        "theme": chance.choice(("dark", "light")),
        "trial": chance.random() < 0.1,
        "utm_source": "news",
        "utm_medium": "mail",
        "plan": chance.choice(("free", "team")),
        "cart_items": chance.randrange(10),
        "cart_total": round(chance.uniform(0, 400), 2),
        "signed_in": chance.random() < 0.5,
    }


def made_event(chance: random.Random, number: int, sent_at: datetime) -> dict[str, Any]:
    distinct_id = f"person-{number % DISTINCT_IDS:06d}"
    version_and_variant = f"7{chance.getrandbits(12):03x}-a{chance.getrandbits(12):03x}"
    return {
        "event": chance.choice(EVENT_NAMES),
        "distinct_id": distinct_id,
        "uuid": f"{NUMBER_PLACE}-{version_and_variant}-{chance.getrandbits(48):012x}",
        "timestamp": (sent_at - timedelta(milliseconds=chance.randrange(1000))).isoformat(),
        "properties": _properties(chance),
    }


def _cut(path: str, body: dict[str, Any]) -> list[bytes]:
    payload = msgspec.json.encode(body)
    head = (
        f"POST {path} HTTP/1.1\r\n"
        "Host: 127.0.0.1\r\n"
        "Content-Type: application/json\r\n"
        "User-Agent: posthog-python/6.7.0\r\n"
        f"Content-Length: {len(payload)}\r\n"
        "\r\n"
    )
    return (head.encode() + payload).split(NUMBER_PLACE.encode())


def unique_digits(number: int) -> bytes:
    """What stands in the place of `NUMBER_PLACE`, as the beginning of a uuid is written."""
    digits = b"%012x" % (number * NUMBER_SCRAMBLER & NUMBER_MASK)
    return digits[:8] + b"-" + digits[8:]


@dataclass(slots=True)
class CaptureRequests:
    """Makes requests without end for one project; no two events of one instance share a uuid."""

    project_api_key: str
    _number: int = field(default=0, init=False)

    def single(self) -> Iterator[bytes]:
        """Requests of one event each."""
        chance, now = random.Random(1), datetime.now(UTC)
        return self._forever(
            [
                _cut(
                    SINGLE_PATH,
                    {"api_key": self.project_api_key, **made_event(chance, number, now)},
                )
                for number in range(DISTINCT_IDS)
            ]
        )

    def batches(self, events: int) -> Iterator[bytes]:
        """Requests of `events` events each."""
        chance, now = random.Random(2), datetime.now(UTC)
        return self._forever(
            [
                _cut(
                    BATCH_PATH,
                    {
                        "api_key": self.project_api_key,
                        "batch": [made_event(chance, first + n, now) for n in range(events)],
                        "sent_at": now.isoformat(),
                    },
                )
                for first in range(0, DISTINCT_IDS, events)
            ]
        )

    def markers(self, event: str) -> Iterator[bytes]:
        """Requests of one event with this name each, to be found again by it."""
        marker = {**made_event(random.Random(3), 0, datetime.now(UTC)), "event": event}
        return self._forever([_cut(SINGLE_PATH, {"api_key": self.project_api_key, **marker})])

    def _forever(self, templates: list[list[bytes]]) -> Iterator[bytes]:
        while True:
            for pieces in templates:
                self._number += 1
                yield unique_digits(self._number).join(pieces)
