"""The headers of a v1 request, checked in the protocol's order (capture-protocol §14.1)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from hedgerow.core.errors import CaptureRefusal
from hedgerow.wire.event_uuids import normalize_uuid
from hedgerow.wire.tokens import checked_token
from hedgerow.wire.v1 import refusals
from hedgerow.wire.v1.encodings import ENCODINGS
from hedgerow.wire.v1.rfc3339 import parse_rfc3339

ReadHeader = Callable[[str], str | None]

REQUEST_ID: Final = "PostHog-Request-Id"
_ATTEMPT, _TIMESTAMP = "PostHog-Attempt", "PostHog-Request-Timestamp"
_REQUIRED: Final = (
    "PostHog-Sdk-Info",
    _ATTEMPT,
    REQUEST_ID,
    _TIMESTAMP,
    "Content-Type",
    "User-Agent",
)
_ATTEMPT_DIGITS_MAX = 9
_SDK_INFO_BYTES_MAX = 200


@dataclass(frozen=True, slots=True)
class V1Head:
    """What the headers say. `library` is name and version; None where the header is malformed."""

    token: str
    request_time_us: int
    encoding: str | None
    library: tuple[str, str] | None


def read_head(header: ReadHeader) -> V1Head:
    """Raises `V1Refusal` for the first rule that the headers break."""
    authorization = header("authorization")
    if authorization is None:
        raise refusals.missing_authorization()
    missing = [name for name in _REQUIRED if header(name.lower()) is None]
    if missing:
        raise refusals.missing_headers(missing)
    token = _bearer_token(authorization)
    content_type = _present(header, "content-type")
    if content_type.split(";", 1)[0].strip().lower() != "application/json":
        raise refusals.unsupported_content_type(content_type)
    encoding = header("content-encoding")
    if encoding is not None and encoding.strip().lower() not in ENCODINGS:
        raise refusals.unsupported_encoding(encoding)
    _check_request_id(_present(header, REQUEST_ID.lower()))
    _check_attempt(_present(header, _ATTEMPT.lower()))
    request_time_us = parse_rfc3339(_present(header, _TIMESTAMP.lower()))
    if request_time_us is None:
        raise refusals.invalid_header(_TIMESTAMP, "not an RFC 3339 time")
    return V1Head(
        token=token,
        request_time_us=request_time_us,
        encoding=None if encoding is None else encoding.strip().lower(),
        library=_library(_present(header, "posthog-sdk-info")),
    )


def _present(header: ReadHeader, name: str) -> str:
    return (header(name) or "").strip()


def _bearer_token(authorization: str) -> str:
    scheme, _, token = authorization.strip().partition(" ")
    if scheme.lower() != "bearer":
        raise refusals.invalid_header("Authorization", "the scheme must be Bearer")
    try:
        return checked_token(token)
    except CaptureRefusal as refusal:
        raise refusals.invalid_token(refusal.text) from None


def _check_request_id(text: str) -> None:
    try:
        normalize_uuid(text)
    except CaptureRefusal:
        raise refusals.invalid_header(REQUEST_ID, "not a uuid") from None


def _check_attempt(text: str) -> None:
    digits = text.isascii() and text.isdigit() and len(text) <= _ATTEMPT_DIGITS_MAX
    if not digits or int(text) < 1:
        raise refusals.invalid_header(_ATTEMPT, "not a whole number from 1 on")


def _library(sdk_info: str) -> tuple[str, str] | None:
    """`name/version`, split at the last slash: a name may hold one."""
    name, slash, version = sdk_info.rpartition("/")
    if not slash or not name or not version or len(sdk_info.encode()) > _SDK_INFO_BYTES_MAX:
        return None
    return name, version
