"""Every error of the API in one shape: type, code, detail, attr (read-api §3.2)."""

from typing import Any
from uuid import uuid4

import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException

from hedgerow.core.errors import FieldError, QueryError, UserError

log = structlog.get_logger()

_TYPES = {
    400: ("validation_error", "invalid_input"),
    401: ("authentication_error", "not_authenticated"),
    403: ("permission_denied", "permission_denied"),
    404: ("not_found", "not_found"),
    405: ("invalid_request", "method_not_allowed"),
    409: ("conflict", "conflict"),
    413: ("validation_error", "too_large"),
    429: ("throttled_error", "throttled"),
}


class ApiError(Exception):
    """An answer that is an error. `attribute` names the field that is wrong."""

    def __init__(
        self, status: int, detail: str, *, code: str | None = None, attribute: str | None = None
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.code = code
        self.attribute = attribute


def _answer(
    status: int,
    detail: str,
    code: str | None = None,
    attribute: str | None = None,
    headers: dict[str, str] | None = None,
) -> Response[Any]:
    type_, default_code = _TYPES.get(status, ("server_error", "error"))
    body = {"type": type_, "code": code or default_code, "detail": detail, "attr": attribute}
    return Response(body, status_code=status, media_type="application/json", headers=headers)


def api_error(_request: Request[Any, Any, Any], error: ApiError) -> Response[Any]:
    return _answer(error.status, error.detail, error.code, error.attribute)


def query_error(_request: Request[Any, Any, Any], error: QueryError) -> Response[Any]:
    status = 429 if error.code == "throttled" else 400
    return _answer(status, error.detail, error.code, error.attribute)


def field_error(_request: Request[Any, Any, Any], error: FieldError) -> Response[Any]:
    return _answer(400, str(error), attribute=error.attribute)


def user_error(_request: Request[Any, Any, Any], error: UserError) -> Response[Any]:
    return _answer(400, str(error))


def http_error(_request: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
    """What the framework refuses. Its details name the field where it can."""
    attribute = None
    detail = error.detail or "The request could not be handled."
    extra = getattr(error, "extra", None)
    if isinstance(extra, list) and extra and isinstance(extra[0], dict):
        attribute = extra[0].get("key")
        detail = f"{attribute}: {extra[0].get('message', detail)}."
    if error.status_code == 404:
        detail = "Not found."
    return _answer(error.status_code, detail, attribute=attribute, headers=error.headers)


def last_resort(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """Anything unforeseen: the answer has an id only, the details are in the log."""
    error_id = uuid4().hex
    log.error("api_error", error_id=error_id, path=request.url.path, exc_info=error)
    return _answer(500, f"Something went wrong here; error id {error_id}.")
