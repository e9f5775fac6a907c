"""Capture bodies as a product with accounts sends them, next to the plain ones of the same size.

30 % of the people are anonymous for the first half of their events, then identify themselves; each
event names groups of three types, some describe one; 1 % of the events are sent twice. All have
the 25 properties of the plain requests; as there, those of one person stay the same.
"""

import random
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec
from bench.capture_requests import DISTINCT_IDS, NUMBER_PLACE, made_event, unique_digits

ANONYMOUS_PERCENT = 30
DUPLICATE_SHARE = 0.01
GROUP_IDENTIFY_SHARE = 0.005


def mixed_bodies(project_api_key: str, events: int, a_batch: int) -> Iterator[bytes]:
    """Bodies of `/batch/`, `events` in all; each person has the same number of them."""
    chance, now = random.Random(4), datetime.now(UTC)
    made = _events(chance, events, now)
    for _ in range(events // a_batch):
        batch = [next(made) for _ in range(a_batch)]
        body = {"api_key": project_api_key, "batch": batch, "sent_at": now.isoformat()}
        yield msgspec.json.encode(body)


def _events(chance: random.Random, events: int, now: datetime) -> Iterator[dict[str, Any]]:
    half = events // DISTINCT_IDS // 2
    people = [made_event(chance, number, now) for number in range(DISTINCT_IDS)]
    last: dict[str, Any] | None = None
    for number in range(events):
        if last is not None and chance.random() < DUPLICATE_SHARE:
            yield last
            continue
        of_person = people[number % DISTINCT_IDS]
        event = {**of_person, "properties": dict(of_person["properties"])}
        event["uuid"] = event["uuid"].replace(NUMBER_PLACE, unique_digits(number).decode())
        _as_a_customer(event, chance, number, half)
        last = event
        yield event


def _as_a_customer(event: dict[str, Any], chance: random.Random, number: int, half: int) -> None:
    person, turn = number % DISTINCT_IDS, number // DISTINCT_IDS
    properties = event["properties"]
    groups = {"company": f"company-{person % 500}", "team": f"team-{person % 90}", "plan": "pro"}
    properties["$insert_id"] = f"insert-{number:06d}"
    properties["$groups"] = groups
    if person % 100 < ANONYMOUS_PERCENT:
        anonymous = f"anonymous-{person:06d}"
        if turn < half:
            event["distinct_id"] = anonymous
        elif turn == half:
            event["event"] = "$identify"
            properties["$anon_distinct_id"] = anonymous
            event["$set"] = {"plan": properties["plan"]}
            return
    if chance.random() < GROUP_IDENTIFY_SHARE:
        event["event"] = "$groupidentify"
        properties["$group_type"], properties["$group_key"] = "company", groups["company"]
        properties["$group_set"] = {"seats": chance.randrange(100)}
