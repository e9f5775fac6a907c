"""LZ-string's base64 form, decoded with limits (capture-protocol §3.1).

Only browser SDKs of the first years send it, in small bodies.
"""

from collections.abc import Callable

from hedgerow.core.errors import CaptureRefusal
from hedgerow.wire import responses

# Decoding is plain Python; this is the body limit of the days when clients sent the format.
ENCODED_BYTES_MAX = 2 * 1024 * 1024
# How many times as long as other decoding it takes.
_SLOWER_THAN_GZIP = 32

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="
# Six bits a character; the padding sign is number 64, whose low six bits are zero.
_BITS = {ord(sign): format(number % 64, "06b") for number, sign in enumerate(_ALPHABET)}

_NEW_8_BIT_UNIT = 0
_NEW_16_BIT_UNIT = 1
_END = 2


def decompress_lz64(encoded: bytes, bytes_max: int) -> bytes:
    """The UTF-8 text that `encoded` stands for.

    Raises `CaptureRefusal`: 413 over `bytes_max` of text or `ENCODED_BYTES_MAX` of input (less
    where `bytes_max` is small, since decoding is slow), 400
    where the data is broken or is not valid UTF-16.
    """
    if len(encoded) > min(ENCODED_BYTES_MAX, bytes_max // _SLOWER_THAN_GZIP):
        raise responses.too_large(f"an lz64 payload is larger than {ENCODED_BYTES_MAX} bytes")
    try:
        units = _decompress(encoded, bytes_max)
    except ValueError:
        raise responses.undecodable("decompress_lz64: failed decompress to UTF16") from None
    try:
        text = units.encode("utf-16-le", "surrogatepass").decode("utf-16-le").encode()
    except UnicodeDecodeError:
        raise responses.undecodable("decompress_lz64: failed UTF16 to UTF8 conversion") from None
    if len(text) > bytes_max:
        raise _too_large(bytes_max)
    return text


def _too_large(bytes_max: int) -> CaptureRefusal:
    return responses.too_large(f"the decompressed payload is larger than {bytes_max} bytes")


def _bit_reader(encoded: bytes) -> Callable[[int], int]:
    """A function that reads so many bits, the lowest first; it raises `ValueError` at the end."""
    # Characters outside the alphabet stay as they are, and `int` then refuses them.
    bits = encoded.decode("latin-1").translate(_BITS)
    position = 0

    def read(count: int) -> int:
        nonlocal position
        chunk = bits[position : position + count]
        if len(chunk) != count:
            raise ValueError("the data ends too early")
        position += count
        return int(chunk[::-1], 2)

    return read


def _read_unit(read: Callable[[int], int], code: int) -> str:
    """A UTF-16 code unit that is not in the dictionary yet, as one character."""
    return chr(read(8 if code == _NEW_8_BIT_UNIT else 16))


def _decompress(encoded: bytes, units_max: int) -> str:
    """The UTF-16 code units, one a character. Raises `ValueError` on broken data."""
    read = _bit_reader(encoded)
    code = read(2)
    if code == _END:
        return ""
    previous = _read_unit(read, code)
    # Codes 0 to 2 are commands, so the first entry has code 3. A code is written with as many
    # bits as the number of the next free code needs.
    dictionary = ["", "", "", previous]
    output = [previous]
    units = 1
    while (code := read(len(dictionary).bit_length())) != _END:
        if code in (_NEW_8_BIT_UNIT, _NEW_16_BIT_UNIT):
            dictionary.append(_read_unit(read, code))
            code = len(dictionary) - 1
        if code < len(dictionary):
            entry = dictionary[code]
        elif code == len(dictionary):
            entry = previous + previous[0]
        else:
            raise ValueError("a code that was never defined")
        units += len(entry)
        if units > units_max:
            raise _too_large(units_max)
        output.append(entry)
        dictionary.append(previous + entry[0])
        previous = entry
    return "".join(output)
