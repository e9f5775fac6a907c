"""Recognising and decoding base64 that no header announces (capture-protocol §3)."""

import binascii

_SNIFFED_BYTES = 128
_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="


def decode_if_base64(payload: bytes) -> bytes:
    """The decoded bytes where `payload` is strict base64, else `payload` itself."""
    if not _looks_like(payload, _ALPHABET):
        return payload
    try:
        return binascii.a2b_base64(payload, strict_mode=True)
    except binascii.Error:
        return payload


def restore_plus_signs(payload: bytes) -> bytes:
    """Turn the spaces of base64 back into the plus signs that form decoding made them of."""
    if b" " in payload and _looks_like(payload, _ALPHABET + b" "):
        return payload.replace(b" ", b"+")
    return payload


def _looks_like(payload: bytes, alphabet: bytes) -> bool:
    return len(payload) % 4 == 0 and not payload[:_SNIFFED_BYTES].translate(None, alphabet)
