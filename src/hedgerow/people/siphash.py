"""SipHash-2-4 with an output of 128 bits: a keyed hash for short texts.

Whoever lacks the key can neither compute nor invert it. As published by Aumasson and Bernstein;
checked with the vectors of their reference implementation. Python's own `hash` has the algorithm
inside, but neither this length nor a key of one's choice.
"""

from typing import Final

KEY_BYTES: Final = 16
_MASK: Final = (1 << 64) - 1
_WORD_BYTES: Final = 8

_State = tuple[int, int, int, int]


def siphash_128(key: bytes, message: bytes) -> bytes:
    """The 16 bytes of the hash; `key` has 16 bytes too."""
    assert len(key) == KEY_BYTES, "a key has 16 bytes"
    low, high = int.from_bytes(key[:8], "little"), int.from_bytes(key[8:], "little")
    state = (
        low ^ 0x736F6D6570736575,
        high ^ 0x646F72616E646F6D ^ 0xEE,
        low ^ 0x6C7967656E657261,
        high ^ 0x7465646279746573,
    )
    whole = len(message) - len(message) % _WORD_BYTES
    for start in range(0, whole, _WORD_BYTES):
        word = int.from_bytes(message[start : start + _WORD_BYTES], "little")
        state = _absorbed(state, word)
    last = int.from_bytes(message[whole:], "little") | (len(message) & 0xFF) << 56
    v0, v1, v2, v3 = _absorbed(state, last)
    state = _mixed((v0, v1, v2 ^ 0xEE, v3), 4)
    first_half = _folded(state)
    v0, v1, v2, v3 = state
    second_half = _folded(_mixed((v0, v1 ^ 0xDD, v2, v3), 4))
    return first_half + second_half


def _absorbed(state: _State, word: int) -> _State:
    v0, v1, v2, v3 = state
    v0, v1, v2, v3 = _mixed((v0, v1, v2, v3 ^ word), 2)
    return v0 ^ word, v1, v2, v3


def _mixed(state: _State, rounds: int) -> _State:
    v0, v1, v2, v3 = state
    for _ in range(rounds):
        v0 = (v0 + v1) & _MASK
        v1 = ((v1 << 13) & _MASK | v1 >> 51) ^ v0
        v0 = (v0 << 32) & _MASK | v0 >> 32
        v2 = (v2 + v3) & _MASK
        v3 = ((v3 << 16) & _MASK | v3 >> 48) ^ v2
        v0 = (v0 + v3) & _MASK
        v3 = ((v3 << 21) & _MASK | v3 >> 43) ^ v0
        v2 = (v2 + v1) & _MASK
        v1 = ((v1 << 17) & _MASK | v1 >> 47) ^ v2
        v2 = (v2 << 32) & _MASK | v2 >> 32
    return v0, v1, v2, v3


def _folded(state: _State) -> bytes:
    v0, v1, v2, v3 = state
    return (v0 ^ v1 ^ v2 ^ v3).to_bytes(8, "little")
