"""The body of a public request beside capture: read within limits, and decoded to JSON text."""

import asyncio

from hedgerow.core import limits
from hedgerow.core.errors import CaptureRefusal
from hedgerow.edge.admission import Reservation
from hedgerow.edge.body import read_request_body
from hedgerow.edge.handler import DECODE_IN_THREAD_BYTES, content_length
from hedgerow.edge.request import RequestBody, RequestHead
from hedgerow.wire.decode import decode_payload
from hedgerow.wire.depth import is_deeper_than
from hedgerow.wire.query_parameters import parse_query
from hedgerow.wire.request import CaptureRequest
from hedgerow.wire.surrogates import repair_lone_surrogates


async def read_capture_request(
    head: RequestHead, body: RequestBody, reservation: Reservation, *, ip: str, now_us: int
) -> CaptureRequest:
    """Raises `CaptureRefusal` as `read_request_body` does."""
    data = await read_request_body(body, reservation, content_length(head))
    return CaptureRequest(
        method=head.method,
        path=head.path,
        query_string=head.query_string,
        content_type=head.header("content-type"),
        content_encoding=head.header("content-encoding"),
        body=data,
        ip=ip,
        user_agent=head.header("user-agent") or "",
        now_us=now_us,
    )


async def decoded_json(request: CaptureRequest, bytes_max: int) -> bytes:
    """The JSON text, not nested deeper than the limit. Raises `CaptureRefusal` 400 or 413."""
    if len(request.body) < DECODE_IN_THREAD_BYTES:
        return _decoded(request, bytes_max)
    return await asyncio.to_thread(_decoded, request, bytes_max)


def _decoded(request: CaptureRequest, bytes_max: int) -> bytes:
    query = parse_query(request.query_string, "documented")
    text = decode_payload(request, query, "documented")
    if len(text) > bytes_max:
        raise CaptureRefusal(413, f"the request has more than {bytes_max} bytes")
    if is_deeper_than(text, limits.JSON_DEPTH_MAX):
        raise CaptureRefusal(
            400, f"the request is nested deeper than {limits.JSON_DEPTH_MAX} levels"
        )
    return repair_lone_surrogates(text) if b"\\u" in text else text
