"""Form encoding (`application/x-www-form-urlencoded`) with bounded work and memory."""

from urllib.parse import unquote_to_bytes

CONTENT_TYPE = "application/x-www-form-urlencoded"
FIELDS_MAX = 100

_MARKERS = (b"data=", b"_=", b"ip=", b"compression=")
_SNIFFED_BYTES = 128
# Decoding in pieces keeps the many small strings it makes within a few megabytes.
_PIECE_BYTES = 256 * 1024


def looks_like_form(payload: bytes) -> bool:
    """Whether a known field starts within the first 128 bytes (capture-protocol §3, step 3)."""
    fields = payload[:_SNIFFED_BYTES].split(b"&")
    return any(field.startswith(_MARKERS) for field in fields)


def is_form_content_type(content_type: str | None) -> bool:
    """Leniently also with parameters such as a charset, and in any case."""
    if content_type is None or len(content_type) < len(CONTENT_TYPE):
        return False
    return _media_type(content_type) == CONTENT_TYPE


def decode_form(encoded: bytes) -> dict[str, bytes]:
    """The fields by name; the last of a repeated name wins. Values are not yet text.

    Raises `ValueError` when there are more than `FIELDS_MAX` fields.
    """
    fields = encoded.split(b"&", FIELDS_MAX)
    if len(fields) > FIELDS_MAX:
        raise ValueError("too many fields")
    decoded = {}
    for field in fields:
        name, _, value = field.partition(b"=")
        decoded[_unquote(name).decode("utf-8", "replace")] = _unquote(value)
    return decoded


def _media_type(content_type: str) -> str:
    return content_type.split(";", 1)[0].strip().lower()


def _unquote(encoded: bytes) -> bytes:
    encoded = encoded.replace(b"+", b" ")
    if len(encoded) <= _PIECE_BYTES:
        return unquote_to_bytes(encoded)
    pieces = []
    start = 0
    while start < len(encoded):
        end = start + _PIECE_BYTES
        # A percent sign and its two digits stay in one piece.
        cut = encoded.rfind(b"%", end - 2, end)
        end = cut if cut > start else end
        pieces.append(unquote_to_bytes(encoded[start:end]))
        start = end
    return b"".join(pieces)
