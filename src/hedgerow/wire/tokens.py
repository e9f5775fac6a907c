"""The project key of a request: where it is found and what it may look like (§5)."""

from hedgerow.core import json, limits
from hedgerow.wire import responses
from hedgerow.wire.shapes import HintedEvent, PropertyHints, SentEvent

_PERSONAL_KEY_PREFIX = "phx_"


def request_token(batch_token: str | None, events: list[HintedEvent]) -> str:
    """The one key of the request, trimmed and checked for its form.

    A batch's root key wins; else all `events` that have a key must have the same.
    Raises `CaptureRefusal` 401 where there is none, more than one, or a malformed one.
    """
    if batch_token is not None:
        return checked_token(batch_token)
    found = {token for token in (_event_token(*event) for event in events) if token is not None}
    if not found:
        raise responses.missing_token()
    if len(found) > 1:
        raise responses.inconsistent_tokens()
    return checked_token(found.pop())


def checked_token(token: str) -> str:
    """The trimmed key. Raises `CaptureRefusal` 401 naming the first rule it breaks (§5.2)."""
    token = token.strip()
    reason = _malformation(token)
    if reason:
        raise responses.malformed_token(reason)
    return token


def _event_token(event: SentEvent, hints: PropertyHints) -> str | None:
    token = event.root_token()
    if token is None and bytes(hints.token).startswith(b'"'):
        return str(json.decode(hints.token))
    return token


def _malformation(token: str) -> str | None:
    if not token:
        return "empty"
    if len(token.encode()) > limits.TOKEN_BYTES_MAX:
        return "too_long"
    if not token.isascii():
        return "not_ascii"
    if token.startswith(_PERSONAL_KEY_PREFIX):
        return "personal_api_key"
    return "null_byte" if "\0" in token else None
