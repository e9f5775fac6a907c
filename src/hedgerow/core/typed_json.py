"""JSON objects → typed structs, with errors that name the field in the words of the sender."""

import re
from typing import Any, Final, TypeVar

import msgspec

from hedgerow.core.errors import FieldError

_Struct = TypeVar("_Struct", bound=msgspec.Struct)
# msgspec ends its messages with the place: `$.tiles[...].color`.
_PLACE: Final = re.compile(r" - at `(?:key in )?\$\.?(?P<path>.*)`$")


def typed(value: dict[str, Any], struct: type[_Struct], prefix: str = "") -> _Struct:
    """`value` as `struct`; unknown names are refused where the struct forbids them.

    Raises `FieldError` whose attribute is the path of the wrong field, `prefix` before it.
    """
    try:
        return msgspec.convert(value, struct)
    except msgspec.ValidationError as error:
        raise field_error(error, prefix) from None


def field_error(error: msgspec.ValidationError, prefix: str = "") -> FieldError:
    """The library's message, with the place it names as the attribute."""
    text = str(error)
    place = _PLACE.search(text)
    if place is None:
        missing = re.search(r"(?:required|unknown) field `([^`]+)`", text)
        return FieldError(f"{text}.", prefix + missing.group(1) if missing else prefix or None)
    detail = text[: place.start()]
    path = place.group("path").replace("[...]", "")
    missing = re.search(r"(?:required|unknown) field `([^`]+)`", detail)
    if missing:
        path = f"{path}.{missing.group(1)}" if path else missing.group(1)
    return FieldError(f"{prefix}{path}: {detail}.", f"{prefix}{path}")
