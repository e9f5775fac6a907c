"""Session recordings of the demo shop: what its events say, as rrweb would have seen it. Pure.

Not filmed but made: each pageview is a page, and what a visitor did on it is what the events tell.
So a recording and the events beside it agree.
"""

import random
import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from hedgerow.demo.shop_page import ShopPage

Event = dict[str, Any]
Item = dict[str, Any]

RECORDINGS: Final = 6
_EVENTS_MIN: Final = 9
_HOST: Final = "https://shop.example"
# rrweb's types of events and sources of changes.
_FULL, _CHANGE, _META, _PLUGIN = 2, 3, 4, 6
_MUTATION, _MOVE, _INTERACTION, _SCROLL, _INPUT = 0, 1, 2, 3, 5
_CLICK, _TOUCH_START, _TOUCH_END = 2, 7, 9
_MOVE_STEPS: Final = 12
_STEP_MS: Final = 60


def shop_recordings(events: list[Event]) -> list[Event]:
    """A `$snapshot` event for each of the newest sessions that have something to see.

    Of days that are over: those of the last one still grow, and loading again must change nothing.
    """
    last_day = max(event["timestamp"] for event in events)[:10]
    sessions: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        session_id = event["properties"].get("$session_id")
        if session_id is not None:
            sessions[session_id].append(event)
    rich = [
        found
        for found in sessions.values()
        if len(found) >= _EVENTS_MIN and found[0]["timestamp"][:10] < last_day
    ]
    newest = sorted(rich, key=lambda found: str(found[0]["timestamp"]))[-RECORDINGS:]
    return [_recording(found) for found in newest]


def _recording(events: list[Event]) -> Event:
    first = events[0]["properties"]
    session_id = first["$session_id"]
    return {
        "event": "$snapshot",
        # Loaded again, it is the same part of the same recording.
        "uuid": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{_HOST}/{session_id}")),
        "properties": {
            "distinct_id": events[-1]["properties"]["distinct_id"],
            "$session_id": session_id,
            "$window_id": first["$window_id"],
            "$snapshot_source": "web",
            "$snapshot_data": _Film(events).items,
            "$lib": "web",
        },
    }


@dataclass(slots=True)
class _Film:
    """The items of one session, made while its events go by."""

    events: list[Event]
    items: list[Item] = field(default_factory=list)
    _page: ShopPage = field(default_factory=lambda: ShopPage("/", 0))
    _cart: int = 0
    _at: tuple[int, int] = (0, 0)
    _random: random.Random = field(init=False)

    def __post_init__(self) -> None:
        properties = self.events[0]["properties"]
        self._random = random.Random(properties["$session_id"])  # noqa: S311 - repeatable
        for event, following in zip(self.events, [*self.events[1:], None], strict=True):
            self._show(event, None if following is None else _ms(following) - _ms(event))

    @property
    def _size(self) -> tuple[int, int]:
        properties = self.events[0]["properties"]
        return properties["$viewport_width"], properties["$viewport_height"]

    @property
    def _has_touch(self) -> bool:
        return bool(self.events[0]["properties"]["$device_type"] != "Desktop")

    def _show(self, event: Event, rest_ms: int | None) -> None:
        time = _ms(event)
        match event["event"]:
            case "$pageview":
                self._open(event, time)
                if rest_ms:
                    self._look_around(time, rest_ms)
            case "signed up":
                self._type(time - 900, 2)
                self._press(time)
            case "product added to cart":
                self._cart += int(event["properties"].get("quantity", 1))
                self._press(time)
                self._write("cart", f"Cart ({self._cart})", time + 40)
            case "checkout started":
                self._type(time - 1500, 2)
            case "order completed":
                self._press(time)
            case "payment failed":
                self._press(time)
                self._complain(event["properties"].get("reason", ""), time + 300)

    def _open(self, event: Event, time: int) -> None:
        address = event["properties"]["$current_url"]
        self._page = ShopPage(address.removeprefix(_HOST).partition("?")[0], self._cart)
        width, height = self._size
        self._add(_META, time, href=address, width=width, height=height)
        node = self._page.snapshot()
        self._add(_FULL, time + 20, node=node, initialOffset={"top": 0, "left": 0})

    def _look_around(self, time: int, rest_ms: int) -> None:
        """Some moves and scrolling while the page is open; the rest of it is reading."""
        document = self._page.named["document"]
        for turn in range(1, self._random.randint(3, 5)):
            start = time + min(400 + 1600 * turn, max(rest_ms - 900, 0))
            if self._random.random() < 0.6 and not self._has_touch:
                self._move(start)
            else:
                down = self._random.randint(40, 260)
                for step in range(6):
                    y = down * step // 5
                    self._change(start + step * _STEP_MS, _SCROLL, id=document, x=0, y=y)
        self._change(time + rest_ms - 200, _SCROLL, id=document, x=0, y=0)

    def _move(self, time: int) -> None:
        width, height = self._size
        start, end = (
            self._at,
            (
                self._random.randint(width // 8, width * 7 // 8),
                self._random.randint(90, height - 60),
            ),
        )
        body = self._page.named["body"]
        last = _MOVE_STEPS - 1
        positions = [
            {
                "x": start[0] + (end[0] - start[0]) * step // last,
                "y": start[1] + (end[1] - start[1]) * step // last,
                "id": body,
                "timeOffset": (step - last) * _STEP_MS,
            }
            for step in range(_MOVE_STEPS)
        ]
        self._change(time + last * _STEP_MS, _MOVE, positions=positions)
        self._at = end

    def _press(self, time: int) -> None:
        target = self._page.named.get("button", self._page.named["body"])
        where = {"id": target, "x": self._at[0] or 160, "y": self._at[1] or 420}
        if self._has_touch:
            self._change(time - 80, _INTERACTION, type=_TOUCH_START, **where)
            self._change(time - 20, _INTERACTION, type=_TOUCH_END, **where)
        self._change(time, _INTERACTION, type=_CLICK, **where)

    def _type(self, time: int, fields: int) -> None:
        """What is typed is masked, as the SDK does."""
        for index in range(fields):
            target = self._page.named.get(f"input{index}")
            if target is None:
                continue
            for length in range(1, 9):
                at = time + index * 500 + length * _STEP_MS
                self._change(at, _INPUT, id=target, text="*" * length, isChecked=False)

    def _write(self, name: str, text: str, time: int) -> None:
        texts = [{"id": self._page.named[name], "value": text}]
        self._change(time, _MUTATION, texts=texts, attributes=[], removes=[], adds=[])

    def _complain(self, reason: str, time: int) -> None:
        payload = {"level": "error", "payload": [f'"Payment failed: {reason}"'], "trace": []}
        self._add(_PLUGIN, time, plugin="rrweb/console@1", payload=payload)

    def _change(self, time: int, source: int, **data: Any) -> None:
        self._add(_CHANGE, time, source=source, **data)

    def _add(self, kind: int, time: int, **data: Any) -> None:
        self.items.append({"type": kind, "timestamp": time, "data": data})


def _ms(event: Event) -> int:
    return int(datetime.fromisoformat(event["timestamp"]).timestamp() * 1000)
