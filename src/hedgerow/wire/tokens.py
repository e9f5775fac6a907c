"""The project key of a request: where it is found and what it may look like (§5)."""

import re

from hedgerow.core import json, limits
from hedgerow.wire import responses
from hedgerow.wire.shapes import HintedEvent, PropertyHints, SentEvent

_PERSONAL_KEY_PREFIX = "phx_"
_is_well_formed = re.compile(
    rf"(?!{_PERSONAL_KEY_PREFIX})[\x01-\x7f]{{1,{limits.TOKEN_BYTES_MAX}}}"
).fullmatch


def events_token(events: list[HintedEvent]) -> str:
    """The one key of events that come without a batch's root key, trimmed and checked.

    All that have a key must have the same. Raises `CaptureRefusal` 401 where there is none, more
    than one, or a malformed one.
    """
    found = {token for token in (_event_token(*event) for event in events) if token is not None}
    if not found:
        raise responses.missing_token()
    if len(found) > 1:
        raise responses.inconsistent_tokens()
    return checked_token(found.pop())


def checked_token(token: str) -> str:
    """The trimmed key. Raises `CaptureRefusal` 401 naming the first rule it breaks (§5.2)."""
    token = token.strip()
    if _is_well_formed(token):
        return token
    raise responses.malformed_token(_malformation(token))


def _event_token(event: SentEvent, hints: PropertyHints) -> str | None:
    token = event.root_token()
    if token is None and bytes(hints.token).startswith(b'"'):
        return str(json.decode(hints.token))
    return token


def _malformation(token: str) -> str:
    """The first broken rule of a token that breaks one."""
    if not token:
        return "empty"
    if len(token.encode("utf-8", "surrogatepass")) > limits.TOKEN_BYTES_MAX:
        return "too_long"
    if not token.isascii():
        return "not_ascii"
    return "personal_api_key" if token.startswith(_PERSONAL_KEY_PREFIX) else "null_byte"
