"""The answers of v1 that refuse a whole request: status and tag (capture-protocol §14.2).

SDKs send again after 408, 500, 503 and 504 only, and these alone carry `Retry-After`.
"""

from typing import Final

from hedgerow.core import json
from hedgerow.core.errors import CaptureRefusal

ERROR_URI: Final = "https://posthog.com/docs/api"
RETRY_AFTER_SECONDS: Final = 1

_RETRIED = frozenset((408, 500, 503, 504))


class V1Refusal(CaptureRefusal):
    """A refusal whose body is JSON. `tag` is for programs, `text` for people."""

    def __init__(self, status: int, tag: str, description: str) -> None:
        retry_after = RETRY_AFTER_SECONDS if status in _RETRIED else None
        super().__init__(status, description, retry_after)
        self.tag = tag

    @property
    def body(self) -> bytes:
        return json.encode(
            {"error": self.tag, "error_description": self.text, "error_uri": ERROR_URI}
        )


_TAGS: Final = {
    408: "body_read_timeout",
    413: "payload_too_large",
    503: "service_unavailable",
}


def as_v1(refusal: CaptureRefusal) -> V1Refusal:
    """A refusal of what both protocols share (reading the body, the log) as v1 tells it."""
    if isinstance(refusal, V1Refusal):
        return refusal
    tag = _TAGS.get(refusal.status)
    if tag is None:
        return V1Refusal(500, "internal_error", refusal.text)
    return V1Refusal(refusal.status, tag, refusal.text)


def missing_authorization() -> V1Refusal:
    return V1Refusal(401, "missing_authorization", "Send the project key: Authorization: Bearer …")


def missing_headers(names: list[str]) -> V1Refusal:
    return V1Refusal(400, "missing_required_headers", f"missing headers: {', '.join(names)}")


def invalid_header(name: str, detail: str) -> V1Refusal:
    return V1Refusal(400, "invalid_header_value", f"{name}: {detail}")


def invalid_token(detail: str) -> V1Refusal:
    return V1Refusal(401, "invalid_api_token", detail)


def unsupported_content_type(content_type: str) -> V1Refusal:
    return V1Refusal(415, "unsupported_content_type", f"{content_type!r} is not application/json")


def unsupported_encoding(encoding: str) -> V1Refusal:
    return V1Refusal(
        415, "unsupported_encoding", f"{encoding!r} is none of gzip, deflate, br, zstd"
    )


def empty_body() -> V1Refusal:
    return V1Refusal(400, "empty_body", "the request has no body")


def undecodable(detail: str) -> V1Refusal:
    return V1Refusal(400, "request_decoding_error", detail)


def unparsable(detail: str) -> V1Refusal:
    return V1Refusal(400, "request_parsing_error", detail)


def empty_batch() -> V1Refusal:
    return V1Refusal(400, "empty_batch", "the batch holds no event")


def invalid_batch(detail: str) -> V1Refusal:
    return V1Refusal(400, "invalid_batch", detail)


def missing_uuid(index: int) -> V1Refusal:
    return V1Refusal(400, "missing_event_uuid", f"event {index} has an empty uuid")


def invalid_uuid(index: int) -> V1Refusal:
    return V1Refusal(400, "invalid_event_uuid", f"the uuid of event {index} is not a uuid")


def duplicate_uuid(uuid: str) -> V1Refusal:
    return V1Refusal(400, "duplicate_event_uuid", f"two events have the uuid {uuid}")


def too_large(detail: str) -> V1Refusal:
    return V1Refusal(413, "payload_too_large", detail)


def over_quota() -> V1Refusal:
    return V1Refusal(402, "billing_limit_exceeded", "the project's quota is used up")
