"""The uuid of an event (capture-protocol §6.1)."""

import re

from hedgerow.core.errors import CaptureRefusal
from hedgerow.wire import responses

is_canonical_uuid = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
).fullmatch
_HEX_DIGITS = re.compile(r"[0-9a-f]{32}")


class InvalidUuidRefusal(CaptureRefusal):
    """An event's uuid is none, which refuses its whole request."""


def normalize_uuid(text: str) -> str:
    """The lower-case hyphenated form of any usual spelling: capitals, no hyphens, braces, URN.

    Raises `InvalidUuidRefusal` 400 where `text` is not a uuid.
    """
    if is_canonical_uuid(text):
        return text
    digits = text.lower().removeprefix("urn:uuid:")
    if digits.startswith("{") and digits.endswith("}"):
        digits = digits[1:-1]
    if not is_canonical_uuid(digits) and not _HEX_DIGITS.fullmatch(digits):
        raise InvalidUuidRefusal(400, responses.unparsable("invalid value for field `uuid`").text)
    digits = digits.replace("-", "")
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
