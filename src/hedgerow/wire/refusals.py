"""Requests that the edge refused, as it tells the core: the file between the two.

Without it a wrong key would look like silence: nothing of such a request is in the log.
"""

import msgspec
from msgspec import Struct


class Refusal(Struct, frozen=True):
    """Requests refused alike. `number` grows with each; text of the client's is cut short."""

    number: int
    status: int
    text: str
    key: str
    path: str
    user_agent: str
    count: int
    last_seen_us: int


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(list[Refusal])


def encode_refusals(refusals: list[Refusal]) -> bytes:
    return _encoder.encode(refusals)


def decode_refusals(data: bytes) -> list[Refusal]:
    """Raises `ValueError` when it is not such a list."""
    return _decoder.decode(data)
