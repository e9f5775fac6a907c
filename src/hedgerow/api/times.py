"""Times on the API: ISO text in UTC."""

from hedgerow.api.errors import ApiError
from hedgerow.wire.timestamps import format_timestamp, parse_timestamp


def shown_time(time_us: int) -> str:
    return format_timestamp(time_us)


def asked_time(text: str | None, attribute: str) -> str | None:
    """A time parameter as the engine reads it. Raises `ApiError` naming the parameter."""
    if text is None:
        return None
    time_us = parse_timestamp(text)
    if time_us is None:
        raise ApiError(400, f"{text!r} is not a time.", attribute=attribute)
    return format_timestamp(time_us).removesuffix("Z").replace("T", " ")
