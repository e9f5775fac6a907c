"""JSON as the whole system reads and writes it: strict, UTF-8, last duplicate key wins."""

import json
from typing import Any

import msgspec

_encoder = msgspec.json.Encoder()
_sorted_encoder = msgspec.json.Encoder(order="sorted")
_decoder = msgspec.json.Decoder()

encode = _encoder.encode
encode_sorted = _sorted_encoder.encode
decode = _decoder.decode


def _number_or_text(text: str) -> Any:
    """The number, or its text where a 64-bit integer or a finite float cannot hold it."""
    try:
        return _decoder.decode(text)
    except msgspec.MsgspecError:
        return text


def decode_lenient(data: bytes) -> Any:
    """Decode JSON whose syntax is known to be right but whose numbers may be out of range.

    Such a number becomes its text: the edge leaves `properties` undecoded, so an event with
    `1e400` is accepted there and must not stop ingestion here.
    """
    return json.loads(data, parse_float=_number_or_text, parse_int=_number_or_text)
