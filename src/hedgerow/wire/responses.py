"""Every answer of the capture routes: statuses and exact texts (capture-protocol §7)."""

from typing import Final

from hedgerow.core.errors import CaptureRefusal
from hedgerow.wire.drops import DropReason

SUCCESS_BODY: Final = b'{"status":"Ok"}'
RECORDINGS_LIMITED_BODY: Final = b'{"status":"Ok","quota_limited":["recordings"]}'
SUCCESS_HEADERS: Final = (("content-type", "application/json"),)


def undecodable(detail: str) -> CaptureRefusal:
    """The body's encoding is broken (§3)."""
    return CaptureRefusal(400, f"failed to decode request: {detail}")


def unparsable(detail: str) -> CaptureRefusal:
    """The decoded body is not JSON, or of none of the shapes (§4)."""
    return CaptureRefusal(400, f"failed to parse request: {detail}")


def too_large(detail: str) -> CaptureRefusal:
    """A body, what it decodes to, or one event is over its limit (§10)."""
    return CaptureRefusal(413, f"maximum event size exceeded: {detail}")


def too_large_for_ai(detail: str) -> CaptureRefusal:
    """An event about a language model is over its own, larger limit (§10)."""
    return CaptureRefusal(413, f"maximum AI event size exceeded: {detail}")


def invalid_query(detail: str) -> CaptureRefusal:
    """A query parameter of the wrong type (§2)."""
    return CaptureRefusal(400, f"Failed to deserialize query string: {detail}")


def missing_payload() -> CaptureRefusal:
    return CaptureRefusal(400, "request missing data payload")


def nameless_event() -> CaptureRefusal:
    return CaptureRefusal(
        400,
        "failed to hydrate events from request: non-engage request missing event name attribute",
    )


def no_event() -> CaptureRefusal:
    return CaptureRefusal(400, "request holds no event")


def empty_event_name() -> CaptureRefusal:
    return CaptureRefusal(400, "event submitted with an empty event name")


def missing_distinct_id() -> CaptureRefusal:
    return CaptureRefusal(400, "event submitted without a distinct_id")


def invalid_cookieless_mode() -> CaptureRefusal:
    return CaptureRefusal(400, "event submitted with invalid cookieless mode")


class ReplayRefusal(CaptureRefusal):
    """A recording that lacks what it cannot be kept without."""

    def __init__(self, reason: DropReason, text: str) -> None:
        super().__init__(400, text)
        self.reason = reason


def replay_without_session_id() -> ReplayRefusal:
    return ReplayRefusal(DropReason.MISSING_SESSION_ID, "replay event submitted without session id")


def replay_with_invalid_session_id() -> ReplayRefusal:
    return ReplayRefusal(DropReason.INVALID_SESSION_ID, "replay event has invalid session id")


def replay_without_data() -> ReplayRefusal:
    return ReplayRefusal(
        DropReason.MISSING_SNAPSHOT_DATA, "replay event submitted without snapshot data"
    )


def missing_token() -> CaptureRefusal:
    return CaptureRefusal(401, "event submitted without an api_key")


def inconsistent_tokens() -> CaptureRefusal:
    return CaptureRefusal(401, "batch submitted with inconsistent api_key values")


def malformed_token(reason: str) -> CaptureRefusal:
    return CaptureRefusal(401, f"API key is not valid: {reason}")


def unknown_token(token: str) -> CaptureRefusal:
    return CaptureRefusal(
        401,
        "API key does not belong to any project. "
        "Check the project API key in your PostHog project settings",
        key=token,
    )
