"""Names of compressions as clients spell them (capture-protocol §2 and §3, step 5)."""

from enum import Enum


class Compression(Enum):
    GZIP = "gzip"
    LZ64 = "lz64"
    BASE64 = "base64"


_NAMES = {
    "gzip": Compression.GZIP,
    "gzip-js": Compression.GZIP,
    "lz64": Compression.LZ64,
    "lz-string": Compression.LZ64,
    "base64": Compression.BASE64,
    "b64": Compression.BASE64,
}


def compression_parameter(value: str | None) -> Compression | None:
    """The meaning of a query or form value in any case; unknown values are no hint."""
    return _NAMES.get(value.lower()) if value else None


def compression_header(value: str | None) -> Compression | None:
    """The meaning of `Content-Encoding`, which is matched exactly."""
    return _NAMES.get(value) if value else None
