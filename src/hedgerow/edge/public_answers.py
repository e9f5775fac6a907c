"""Answers of the public routes beside capture: JSON, readable across origins, errors too."""

from hedgerow.core import json
from hedgerow.edge.request import Headers, RequestHead, Response
from hedgerow.wire.cors import preflight_headers, response_headers

JSON_TYPE = "application/json"
_TYPES = {
    400: ("validation_error", "invalid_input"),
    401: ("authentication_error", "invalid_api_key"),
    404: ("not_found", "not_found"),
    405: ("invalid_request", "method_not_allowed"),
    408: ("invalid_request", "timeout"),
    413: ("validation_error", "too_large"),
    503: ("server_error", "unavailable"),
}


def answer(
    head: RequestHead, body: bytes, *, content_type: str = JSON_TYPE, headers: Headers | None = None
) -> Response:
    """200, without the body for a HEAD."""
    all_headers = [
        ("content-type", content_type),
        *(headers or [("cache-control", "no-store")]),
        *response_headers(head.header("origin")),
    ]
    return Response(200, all_headers, b"" if head.method == "HEAD" else body)


def refusal(
    head: RequestHead, status: int, detail: str, *, attribute: str | None = None
) -> Response:
    """An error in the API's shape (sdk-contract §4.4)."""
    type_, code = _TYPES.get(status, ("server_error", "error"))
    body = json.encode({"type": type_, "code": code, "detail": detail, "attr": attribute})
    headers = [
        ("content-type", JSON_TYPE),
        ("cache-control", "no-store"),
        *response_headers(head.header("origin")),
    ]
    if status == 503:
        headers.append(("retry-after", "1"))
    return Response(status, headers, b"" if head.method == "HEAD" else body)


def preflight(head: RequestHead) -> Response:
    requested = head.header("access-control-request-headers")
    return Response(200, preflight_headers(head.header("origin"), requested), b"")


def method_not_allowed(head: RequestHead, allowed: str) -> Response:
    refused = refusal(head, 405, f"This path takes {allowed}.")
    return Response(405, [("allow", allowed), *refused.headers], refused.body)


def unknown_token(head: RequestHead) -> Response:
    return refusal(head, 401, "The project key belongs to no project.", attribute="token")
