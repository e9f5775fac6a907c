"""Property values as text and as numbers, the way PostHog's flag service compares them."""

import json
import math
import re
import string
from decimal import Decimal
from typing import Any, Final

_NUMBER: Final = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?", re.ASCII)
_ASCII_LOWER: Final = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)
# From here on a small number is shown with an exponent.
_SMALLEST_PLAIN_EXPONENT: Final = -5


def as_text(value: Any) -> str:
    """A string as it is; anything else as its JSON, keys sorted and without spaces."""
    return value if isinstance(value, str) else _json_text(value)


def as_ascii_lower(value: Any) -> str:
    """`as_text` with only the letters A to Z folded."""
    return as_text(value).translate(_ASCII_LOWER)


def as_number(value: Any) -> float | None:
    """The finite number that `value` is or spells; None for anything else, true and false too."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    if isinstance(value, str) and not _NUMBER.fullmatch(value):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def is_truth_value(value: Any) -> bool:
    """Whether it is a boolean, spells one, or is a list of such."""
    if isinstance(value, list):
        return all(map(is_truth_value, value))
    return isinstance(value, bool) or (
        isinstance(value, str) and value.lower() in ("true", "false")
    )


def is_true(value: Any) -> bool:
    if isinstance(value, list):
        return all(map(is_true, value))
    return value is True or (isinstance(value, str) and value.lower() == "true")


def _json_text(value: Any) -> str:
    if isinstance(value, list):
        return "[" + ",".join(map(_json_text, value)) + "]"
    if isinstance(value, dict):
        items = (f"{_json_text(key)}:{_json_text(value[key])}" for key in sorted(value))
        return "{" + ",".join(items) + "}"
    if isinstance(value, float):
        return _float_text(value)
    return json.dumps(value, ensure_ascii=False)


def _float_text(value: float) -> str:
    """The shortest digits; an exponent has a sign and no leading zero."""
    digits = repr(value)
    if "e" not in digits:
        return digits
    mantissa, _, exponent_text = digits.partition("e")
    exponent = int(exponent_text)
    if _SMALLEST_PLAIN_EXPONENT <= exponent < 0:
        return format(Decimal(digits), "f")
    return f"{mantissa}e{'+' if exponent >= 0 else ''}{exponent}"
