"""A capture request as the edge has read it."""

from msgspec import Struct


class CaptureRequest(Struct, frozen=True, gc=False):
    """`query_string` is raw and undecoded; `now_us` is when the request arrived."""

    method: str
    path: str
    query_string: str
    content_type: str | None
    content_encoding: str | None
    body: bytes
    ip: str
    user_agent: str
    now_us: int
