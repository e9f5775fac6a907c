"""The query parameters of a capture request (capture-protocol §2)."""

import re
from dataclasses import dataclass

from hedgerow.wire import responses
from hedgerow.wire.base64_text import restore_plus_signs
from hedgerow.wire.compression import Compression, compression_parameter
from hedgerow.wire.form import decode_form
from hedgerow.wire.profiles import Profile

# `_` counts only from 2021 on, so that a time in seconds is not taken for one in milliseconds.
_SENT_AT_MS_MIN = 1_609_459_200_000
_SENT_AT_MS_MAX = 253_402_300_799_999

_INTEGER = re.compile(r"[+-]?[0-9]{1,19}", re.ASCII)


@dataclass(frozen=True, slots=True)
class QueryParameters:
    """`data` is a payload that wins over the body; `beacon` asks for 204 instead of 200."""

    data: bytes = b""
    compression: Compression | None = None
    sent_at_us: int | None = None
    beacon: bool = False


_NONE = QueryParameters()


def parse_query(query_string: str, profile: Profile) -> QueryParameters:
    """Unknown parameters are ignored. Raises `CaptureRefusal` 400 for too many parameters.

    A `_` or `beacon` that is no integer is ignored too; profile `upstream` refuses it with 400.
    """
    if not query_string:
        return _NONE
    try:
        fields = decode_form(query_string.encode("utf-8", "surrogateescape"))
    except ValueError as error:
        raise responses.invalid_query(str(error)) from None
    if profile == "upstream" and "_" in fields and "sent_at" in fields:
        raise responses.invalid_query("duplicate field `_`")
    sent_at_ms = _integer("_", fields.get("_", fields.get("sent_at")), profile)
    beacon = _integer("beacon", fields.get("beacon"), profile)
    return QueryParameters(
        data=restore_plus_signs(fields.get("data", b"")),
        compression=compression_parameter(_text(fields.get("compression"))),
        sent_at_us=_sent_at_us(sent_at_ms),
        beacon=beacon == 1,
    )


def _text(value: bytes | None) -> str | None:
    return None if value is None else value.decode("utf-8", "replace")


def _integer(name: str, value: bytes | None, profile: Profile) -> int | None:
    text = _text(value)
    if text is None:
        return None
    if _INTEGER.fullmatch(text):
        return int(text)
    if profile == "upstream":
        raise responses.invalid_query(f"{name}: invalid digit found in string")
    return None


def _sent_at_us(sent_at_ms: int | None) -> int | None:
    if sent_at_ms is None or not _SENT_AT_MS_MIN <= sent_at_ms <= _SENT_AT_MS_MAX:
        return None
    return sent_at_ms * 1000
