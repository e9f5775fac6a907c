"""A month of a small shop's events. Pure: the same last day gives the same events.

People come by different ways and devices, look around, sign up, come back and buy or not; a few
belong to companies. So every page has something to show: a funnel that loses people, returning
visitors, merged ids, groups, feature flags that were asked for, and a survey's answers.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeVar

from hedgerow.core.ids import uuid7
from hedgerow.demo.catalogue import (
    COMPANIES,
    DEVICES,
    FIRST_NAMES,
    LAST_NAMES,
    PLACES,
    PRODUCTS,
    SEARCHES,
    SOURCES,
    STORES,
    Device,
    Place,
    Source,
)
from hedgerow.demo.flags import FREE_DELIVERY, NEW_CHECKOUT, flag_value
from hedgerow.demo.survey import NAME, answer_properties

Event = dict[str, Any]
T = TypeVar("T")

DAYS: Final = 30
HOST: Final = "https://shop.example"
_NEW_VISITORS_A_DAY: Final = 46
_SEED: Final = 20_240_229
_SHOP_OWNER: Final = "owner@shop.example"
_SIGN_UP_SHARE: Final = 0.24
_COMPANY_SHARE: Final = 0.3
_RETURN_SHARE: Final = 0.42
_SURVEY_SHARE: Final = 0.5


@dataclass(slots=True)
class Visitor:
    device: Device
    place: Place
    source: Source
    anonymous_id: str
    email: str | None = None
    name: str = ""
    gets_newsletter: bool = False
    company: str | None = None

    @property
    def distinct_id(self) -> str:
        return self.email or self.anonymous_id

    def flag(self, key: str, at: datetime) -> bool | str:
        properties = {} if self.email is None else {"newsletter": self.gets_newsletter}
        return flag_value(key, self.distinct_id, properties, at)


@dataclass(slots=True)
class _Visit:
    """One session as it goes on; `at` is the time of the next event."""

    visitor: Visitor
    random: random.Random
    at: datetime
    source: Source
    survey_id: str
    events: list[Event] = field(default_factory=list)
    session_id: str = ""
    window_id: str = ""
    url: str = HOST + "/"

    def __post_init__(self) -> None:
        self.session_id = uuid7(_ms(self.at), self.random.randbytes)
        self.window_id = uuid7(_ms(self.at), self.random.randbytes)

    def wait(self, seconds_min: float, seconds_max: float) -> None:
        self.at += timedelta(seconds=self.random.uniform(seconds_min, seconds_max))

    def send(self, event: str, **properties: Any) -> None:
        visitor = self.visitor
        groups = {"store": _store(visitor.place)}
        if visitor.company is not None:
            groups["company"] = visitor.company
        self.events.append(
            {
                "uuid": uuid7(_ms(self.at), self.random.randbytes),
                "event": event,
                "timestamp": self.at.isoformat().replace("+00:00", "Z"),
                "properties": {
                    "distinct_id": visitor.distinct_id,
                    "$session_id": self.session_id,
                    "$window_id": self.window_id,
                    "$lib": "web",
                    "$lib_version": "1.449.2",
                    "$groups": groups,
                    **self._context(),
                    **properties,
                },
            }
        )

    def _context(self) -> dict[str, Any]:
        device, place = self.visitor.device, self.visitor.place
        domain = self.source.referring_domain
        context: dict[str, Any] = {
            "$current_url": self.url,
            "$host": "shop.example",
            "$pathname": self.url.removeprefix(HOST).partition("?")[0],
            "$referrer": domain if domain == "$direct" else f"https://{domain}/",
            "$referring_domain": domain,
            "$device_type": device.device_type,
            "$os": device.os,
            "$browser": device.browser,
            "$screen_width": device.width,
            "$screen_height": device.height,
            "$viewport_width": device.width,
            "$viewport_height": device.height - 120,
            "$timezone": place.time_zone,
            "$geoip_country_code": place.country_code,
            "$geoip_country_name": place.country,
            "$geoip_city_name": place.city,
        }
        if self.source.medium:
            context["utm_source"] = self.source.source
            context["utm_medium"] = self.source.medium
            context["utm_campaign"] = self.source.campaign
        return context

    def ask_flag(self, key: str) -> None:
        self.send(
            "$feature_flag_called",
            **{"$feature_flag": key, "$feature_flag_response": self.visitor.flag(key, self.at)},
        )

    def view(self, path: str, title: str) -> None:
        self.url = HOST + path
        self.send("$pageview", title=title)
        self.wait(4, 70)


def first_day(last_day: datetime) -> datetime:
    """The midnight (UTC) with which the shop opens."""
    return _midnight(last_day) - timedelta(days=DAYS - 1)


def shop_events(last_day: datetime, survey_id: str) -> list[Event]:
    """The events of the `DAYS` days that end with `last_day` (UTC), in order of time.

    `survey_id` is the survey that customers answer.
    """
    midnight, opening = _midnight(last_day), first_day(last_day)
    generator = random.Random(_SEED)  # noqa: S311 - a demo must be repeatable
    events = list(_group_events(generator, opening))
    for day_number in range(DAYS):
        day = opening + timedelta(days=day_number)
        for _ in range(_visitors_of(day, day_number, generator)):
            events += _life(generator, _visitor(generator), day, midnight, survey_id)
    return [
        *_mistakes(generator, last_day),
        *sorted(
            (event for event in events if event["timestamp"] <= _text(last_day)),
            key=lambda event: event["timestamp"],
        ),
    ]


def _mistakes(generator: random.Random, last_day: datetime) -> Iterator[Event]:
    """What a shop's code gets wrong now and then, so that warnings have something to warn of."""
    midnight = _midnight(last_day)
    for wrong in ({"event": ""}, {"properties": {"source": "nightly job"}}):
        yield {
            "uuid": uuid7(_ms(midnight), generator.randbytes),
            "event": "stock updated",
            "timestamp": _text(midnight),
            "properties": {"distinct_id": _SHOP_OWNER, "source": "nightly job"},
            **wrong,
        }


def _visitors_of(day: datetime, day_number: int, generator: random.Random) -> int:
    """More towards the end of the month, fewer at weekends."""
    weekend = 0.62 if day.weekday() >= 5 else 1.0
    growth = 0.75 + day_number / DAYS / 2
    return round(_NEW_VISITORS_A_DAY * weekend * growth * generator.uniform(0.85, 1.15))


def _visitor(generator: random.Random) -> Visitor:
    return Visitor(
        device=_weighted(generator, DEVICES),
        place=_weighted(generator, PLACES),
        source=_weighted(generator, SOURCES),
        anonymous_id=uuid7(generator.getrandbits(40), generator.randbytes),
    )


def _life(
    generator: random.Random, visitor: Visitor, day: datetime, last: datetime, survey_id: str
) -> Iterator[Event]:
    """All visits of one person, from the first to the last."""
    source = visitor.source
    while day <= last:
        hour = min(23.9, max(0.0, generator.gauss(15.5, 4.2)))
        visit = _Visit(visitor, generator, day + timedelta(hours=hour), source, survey_id)
        _look_around(visit)
        yield from visit.events
        keen = _RETURN_SHARE + (0.25 if visitor.email else 0.0)
        if generator.random() > keen:
            return
        day += timedelta(days=1 + int(generator.expovariate(0.35)))
        source = SOURCES[0][0] if generator.random() < 0.6 else _weighted(generator, SOURCES)


def _look_around(visit: _Visit) -> None:
    generator = visit.random
    visit.view(generator.choice(("/", "/", "/hedges", "/guides/planting")), "Hedgerow Shop")
    if generator.random() < 0.33:
        # Looked at one page and left.
        return
    visit.ask_flag(NEW_CHECKOUT)
    if generator.random() < 0.2:
        visit.send("search", query=generator.choice(SEARCHES))
    _browse(visit)
    visit.send("$pageleave")


def _browse(visit: _Visit) -> None:
    generator = visit.random
    product = PRODUCTS[0]
    for _ in range(generator.randint(1, 3)):
        product = generator.choice(PRODUCTS)
        visit.view(f"/{product.category}/{product.slug}", product.slug.replace("-", " ").title())
        visit.send(
            "product viewed",
            product=product.slug,
            category=product.category,
            price=product.price,
        )
    if visit.visitor.email is None and generator.random() < _SIGN_UP_SHARE:
        _sign_up(visit)
    if generator.random() < 0.36:
        quantity = generator.choice((1, 1, 1, 2, 3, 10))
        visit.send(
            "product added to cart", product=product.slug, price=product.price, quantity=quantity
        )
        visit.ask_flag(FREE_DELIVERY)
        visit.wait(5, 60)
        _check_out(visit, round(product.price * quantity, 2), quantity)


def _sign_up(visit: _Visit) -> None:
    """From now on the visitor has a name; the SDK tells which anonymous id that was."""
    visitor, generator = visit.visitor, visit.random
    first, last = generator.choice(FIRST_NAMES), generator.choice(LAST_NAMES)
    visit.view("/sign-up", "Sign up")
    number = generator.randint(10, 9999)
    visitor.email = f"{first}.{last}{number}@example.com".lower()
    visitor.name = f"{first} {last}"
    visitor.gets_newsletter = first < "N"
    if generator.random() < _COMPANY_SHARE:
        visitor.company = generator.choice(COMPANIES)[0]
    visit.send(
        "$identify",
        **{
            "$anon_distinct_id": visitor.anonymous_id,
            "$set": {
                "email": visitor.email,
                "name": visitor.name,
                "newsletter": visitor.gets_newsletter,
            },
            "$set_once": {
                "initial_referring_domain": visit.source.referring_domain,
                "signed_up_at": _text(visit.at),
            },
        },
    )
    visit.send("signed up", method=generator.choice(("email", "email", "google")))
    visit.wait(3, 40)


def _check_out(visit: _Visit, revenue: float, quantity: int) -> None:
    """The variant `test` loses fewer on the way, so that a comparison finds something."""
    generator = visit.random
    variant = visit.visitor.flag(NEW_CHECKOUT, visit.at)
    seen = {f"$feature/{NEW_CHECKOUT}": variant}
    visit.view("/cart", "Cart")
    if generator.random() > 0.7:
        return
    visit.view("/checkout", "Checkout")
    visit.send("checkout started", revenue=revenue, **seen)
    visit.wait(20, 200)
    if generator.random() > (0.74 if variant == "test" else 0.58):
        if generator.random() < 0.5:
            visit.send("payment failed", reason=generator.choice(("declined", "timeout")))
        return
    visit.send(
        "order completed",
        revenue=revenue,
        quantity=quantity,
        currency="EUR",
        payment=generator.choice(("card", "card", "paypal", "invoice")),
        **seen,
    )
    visit.view("/thank-you", "Thank you")
    if generator.random() < _SURVEY_SHARE:
        _survey(visit)


def _survey(visit: _Visit) -> None:
    about = {"$survey_id": visit.survey_id, "$survey_name": NAME}
    visit.send("survey shown", **about)
    visit.wait(3, 30)
    mood = visit.random.random()
    if mood < 0.14:
        # Left it open, and went away.
        return
    if mood < 0.4:
        visit.send("survey dismissed", **about)
        return
    visit.send("survey sent", **about, **answer_properties(visit.random))


def _group_events(generator: random.Random, first_day: datetime) -> Iterator[Event]:
    """What is known of the companies and stores themselves."""
    groups = [
        ("company", key, {"name": name, "industry": industry, "employees": employees})
        for key, name, industry, employees in COMPANIES
    ]
    groups += [("store", key, {"name": name}) for key, name in STORES]
    for group_type, key, properties in groups:
        yield {
            "uuid": uuid7(_ms(first_day), generator.randbytes),
            "event": "$groupidentify",
            "timestamp": _text(first_day),
            "properties": {
                "distinct_id": _SHOP_OWNER,
                "$group_type": group_type,
                "$group_key": key,
                "$group_set": properties,
                "$lib": "posthog-python",
            },
        }


def _store(place: Place) -> str:
    return {"GB": "online-uk", "US": "online-us", "JP": "online-us"}.get(
        place.country_code, "online-eu"
    )


def _weighted(generator: random.Random, choices: "tuple[tuple[T, int], ...]") -> T:
    things, weights = zip(*choices, strict=True)
    chosen: T = generator.choices(things, weights)[0]
    return chosen


def _midnight(time: datetime) -> datetime:
    return time.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def _ms(time: datetime) -> int:
    return int(time.timestamp() * 1000)


def _text(time: datetime) -> str:
    return time.astimezone(UTC).isoformat().replace("+00:00", "Z")
