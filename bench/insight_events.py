"""Events of a made-up shop, from a seed, with the answers to questions known by construction.

Users are Zipf-distributed and browse in sessions along page paths. 5 % of the sessions are bots',
2 % of the events arrive a day late, 30 % of the users begin anonymous and are identified later.
There are 3 group types and 25 properties an event. Copies are left out, as ingestion leaves them.
"""

import random
import uuid
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from hedgerow.core import json
from hedgerow.core.ids import person_uuid
from hedgerow.store.rows import EventRow, hot_values
from hedgerow.store.side_rows import OverrideRow

START: Final = datetime(2026, 3, 1, tzinfo=UTC)
START_US: Final = int(START.timestamp()) * 1_000_000
DAYS: Final = 30
DAY_US: Final = 86_400_000_000
PAGES: Final = tuple(f"/page-{n}" for n in range(60))
BROWSERS: Final = ("Chrome", "Safari", "Firefox", "Edge", "Opera")
PLANS: Final = ("free", "pro", "team")
EVENTS_PER_USER: Final = 25
ZIPF: Final = 1.3
BOT_SHARE, LATE_SHARE, ANONYMOUS_SHARE = 0.05, 0.02, 0.3


@dataclass(slots=True)
class KnownAnswers:
    """Of pageviews only; days count from 0. A user is who they are after identification."""

    total: int = 0
    by_day: defaultdict[int, int] = field(default_factory=lambda: defaultdict(int))
    users_by_day_and_browser: defaultdict[tuple[int, str], set[int]] = field(
        default_factory=lambda: defaultdict(set)
    )
    users_by_day_and_plan: defaultdict[tuple[int, str], set[int]] = field(
        default_factory=lambda: defaultdict(set)
    )


class EventWorld:
    """Call `batches` once; `answers` and `overrides` are complete when it has ended."""

    def __init__(self, seed: int, events: int, project_id: int) -> None:
        self._random = random.Random(seed)
        self._events = events
        self._project_id = project_id
        self._users = max(1, events // EVENTS_PER_USER)
        self._position = 0
        self._seen_users: set[int] = set()
        self.answers = KnownAnswers()
        self.overrides: list[OverrideRow] = []

    def batches(self, size: int) -> Iterator[list[EventRow]]:
        """Exactly the asked number of events."""
        batch: list[EventRow] = []
        made = 0
        while made < self._events:
            for row in self._session(self._events - made):
                made += 1
                batch.append(row)
            if len(batch) >= size:
                yield batch
                batch = []
        if batch:
            yield batch

    def _user(self) -> int:
        """A few users make most of the sessions."""
        return int(self._users * self._random.random() ** (1 + ZIPF))

    def _person(self, user: int) -> tuple[str, bytes]:
        """Distinct id and person as ingestion wrote them: the first session may be anonymous."""
        identified = f"user-{user}"
        starts_anonymous = user % 10 < ANONYMOUS_SHARE * 10
        if user in self._seen_users or not starts_anonymous:
            self._seen_users.add(user)
            return identified, person_uuid(self._project_id, identified).bytes
        self._seen_users.add(user)
        anonymous = f"anonymous-{user}"
        old = person_uuid(self._project_id, anonymous).bytes
        new = person_uuid(self._project_id, identified).bytes
        self.overrides.append(OverrideRow(self._project_id, old, new, 1))
        return anonymous, old

    def _session(self, events_max: int) -> Iterator[EventRow]:
        chance = self._random
        user = self._user()
        distinct_id, person_id = self._person(user)
        start_us = START_US + int(chance.random() * (DAYS * DAY_US - DAY_US // 12))
        day = (start_us - START_US) // DAY_US
        # A session stays in its day, so that each of its events counts there.
        start_us = min(start_us, START_US + (day + 1) * DAY_US - DAY_US // 12)
        common = self._common(user, is_bot=chance.random() < BOT_SHARE)
        page = chance.randrange(len(PAGES))
        for step in range(min(events_max, chance.randint(1, 10))):
            page = (page + chance.randint(0, 5)) % len(PAGES)
            name = "$pageview" if step % 2 == 0 else chance.choice(("$autocapture", "add to cart"))
            plan = PLANS[(user + step) % len(PLANS)]
            if name == "$pageview":
                self._count(user, day, common["$browser"], plan)
            properties = common | {
                "$current_url": f"https://shop.test{PAGES[page]}",
                "$pathname": PAGES[page],
                "plan": plan,
                "amount": chance.randint(1, 500),
                "load_ms": chance.randint(20, 4000),
            }
            yield self._row(name, distinct_id, person_id, start_us + step * 20_000_000, properties)

    def _common(self, user: int, *, is_bot: bool) -> dict[str, Any]:
        chance = self._random
        session = uuid.UUID(int=chance.getrandbits(128), version=4)
        text = str(session)
        return {
            "$session_id": f"{text[:14]}7{text[15:]}",
            "$window_id": f"{text[:14]}7{text[15:]}",
            "$browser": BROWSERS[user % len(BROWSERS)],
            "$browser_version": 120 + user % 9,
            "$os": ("Mac OS X", "Windows", "Linux", "iOS")[user % 4],
            "$device_type": ("Desktop", "Mobile")[user % 2],
            "$host": "shop.test",
            "$referring_domain": ("$direct", "www.google.com", "t.co")[user % 3],
            "$lib": "web",
            "$lib_version": "1.200.0",
            "$screen_width": 1920,
            "$screen_height": 1080,
            "$viewport_width": 1200,
            "$viewport_height": 900,
            "$timezone": "Europe/Berlin",
            "$raw_user_agent": "Googlebot/2.1" if is_bot else "Mozilla/5.0 (X11; Linux x86_64)",
            "$group_0": f"company-{user % 500}",
            "$group_1": f"team-{user % 2000}",
            "$group_2": f"region-{user % 7}",
            "utm_source": ("newsletter", "ads", "friends")[user % 3],
        }

    def _count(self, user: int, day: int, browser: str, plan: str) -> None:
        answers = self.answers
        answers.total += 1
        answers.by_day[day] += 1
        answers.users_by_day_and_browser[day, browser].add(user)
        answers.users_by_day_and_plan[day, plan].add(user)

    def _row(
        self, name: str, distinct_id: str, person_id: bytes, at_us: int, properties: dict[str, Any]
    ) -> EventRow:
        chance = self._random
        self._position += 1
        late_us = DAY_US if chance.random() < LATE_SHARE else 0
        return EventRow(
            uuid=str(uuid.UUID(int=chance.getrandbits(128), version=4)),
            project_id=self._project_id,
            event=name,
            distinct_id=distinct_id,
            person_id=person_id,
            timestamp_us=at_us,
            received_at_us=at_us + late_us,
            properties=json.encode(properties),
            person_properties=b'{"plan":"pro"}',
            person_created_at_us=START_US,
            person_mode="full",
            elements_chain="",
            historical_migration=False,
            log_position=self._position,
            log_index=0,
            hot=hot_values(properties),
        )
