"""What a list of rrweb events says about a session: times, clicks, keys, messages."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import msgspec
from msgspec import Raw, Struct

_META, _INCREMENTAL, _PLUGIN = 4, 3, 6
_MOUSE_MOVE, _MOUSE_INTERACTION, _INPUT, _TOUCH_MOVE = 1, 2, 5, 6
_CLICK: Final = 2
_TOUCH_END: Final = 9
# A phone's SDK reports a tap as the touch alone; a browser makes a click of it too.
MOBILE_SOURCE: Final = "mobile"
_CONSOLE_PLUGIN: Final = "rrweb/console@1"
_URL_CHARS_MAX: Final = 2000
# Beyond these a client's clock is not to be believed.
_TIME_MS_MIN, _TIME_MS_MAX = 946_684_800_000, 4_102_444_800_000


class _Item(Struct):
    type: int | float | None = None
    timestamp: int | float | None = None
    data: Raw = Raw(b"null")


class _Data(Struct):
    source: int | float | None = None
    type: int | float | None = None
    href: str | None = None
    plugin: str | None = None
    payload: Raw = Raw(b"null")


class _Payload(Struct):
    level: str | None = None


_decode_item = msgspec.json.Decoder(_Item).decode
_decode_data = msgspec.json.Decoder(_Data).decode
_decode_payload = msgspec.json.Decoder(_Payload).decode


@dataclass(slots=True)
class ItemCounts:
    """Times are in milliseconds by the client's clock; 0 where no item has one.

    `source` is what the recording says it was made from: `web` or `mobile`. `without_time` counts
    the items that are no rrweb events, since those have a time.
    """

    source: str
    without_time: int = 0
    first_ms: int = 0
    last_ms: int = 0
    clicks: int = 0
    key_presses: int = 0
    mouse_moves: int = 0
    console_messages: int = 0
    console_errors: int = 0
    first_url: str = ""

    def add(self, item: Raw) -> None:
        """An item that is not shaped as an rrweb event counts for nothing."""
        try:
            event = _decode_item(item)
        except msgspec.MsgspecError:
            self.without_time += 1
            return
        if event.timestamp is not None and _TIME_MS_MIN <= event.timestamp <= _TIME_MS_MAX:
            time_ms = int(event.timestamp)
            self.first_ms = min(self.first_ms or time_ms, time_ms)
            self.last_ms = max(self.last_ms, time_ms)
        else:
            self.without_time += 1
        if event.type in (_META, _INCREMENTAL, _PLUGIN):
            self._add_data(int(event.type), event.data)

    def _add_data(self, kind: int, raw: Raw) -> None:
        """Compressed data is a text and tells nothing; it is never of these kinds."""
        try:
            data = _decode_data(raw)
        except msgspec.MsgspecError:
            return
        if kind == _META:
            self.first_url = self.first_url or (data.href or "")[:_URL_CHARS_MAX]
        elif kind == _PLUGIN:
            self._add_console(data)
        elif data.source == _MOUSE_INTERACTION:
            self.clicks += data.type == (_TOUCH_END if self.source == MOBILE_SOURCE else _CLICK)
        elif data.source == _INPUT:
            self.key_presses += 1
        elif data.source in (_MOUSE_MOVE, _TOUCH_MOVE):
            self.mouse_moves += 1

    def _add_console(self, data: _Data) -> None:
        if data.plugin != _CONSOLE_PLUGIN:
            return
        self.console_messages += 1
        try:
            self.console_errors += _decode_payload(data.payload).level == "error"
        except msgspec.MsgspecError:
            return


def counted(items: Iterable[Raw], source: str) -> ItemCounts:
    counts = ItemCounts(source)
    for item in items:
        counts.add(item)
    return counts
