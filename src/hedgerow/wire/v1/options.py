"""The typed options of a v1 event, leniently read (capture-protocol §14.2)."""

from dataclasses import dataclass
from typing import Any

import msgspec
from msgspec import Raw

from hedgerow.core import json

_WORDS = {"true": True, "1": True, "false": False, "0": False}


@dataclass(frozen=True, slots=True)
class V1Options:
    """None where an option was not sent."""

    cookieless_mode: bool | None = None
    disable_skew_correction: bool | None = None
    process_person_profile: bool | None = None
    product_tour_id: str | None = None


_NONE = V1Options()


def read_options(raw: Raw) -> V1Options:
    """Unknown options are ignored. Raises `ValueError` for one that cannot be understood."""
    if bytes(raw) in (b"{}", b"null"):
        return _NONE
    try:
        sent = json.decode(raw)
    except msgspec.MsgspecError as error:
        raise ValueError(str(error)) from None
    if not isinstance(sent, dict):
        raise ValueError("options must be an object")  # noqa: TRY004 - the caller's one error
    return V1Options(
        cookieless_mode=_boolean(sent.get("cookieless_mode")),
        disable_skew_correction=_boolean(sent.get("disable_skew_correction")),
        process_person_profile=_boolean(sent.get("process_person_profile")),
        product_tour_id=_text(sent.get("product_tour_id")),
    )


def _boolean(value: Any) -> bool | None:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return value != 0
    word = _WORDS.get(value.lower()) if isinstance(value, str) else None
    if word is None:
        raise ValueError("not a boolean")
    return word


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise ValueError("neither text nor a whole number")
