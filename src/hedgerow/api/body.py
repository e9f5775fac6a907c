"""The JSON body of a request."""

import re
from typing import Any, Final, TypeVar

import msgspec
from litestar import Request
from msgspec import Struct

from hedgerow.api.errors import ApiError
from hedgerow.core import json

T = TypeVar("T", bound=Struct)
_PATH: Final = re.compile(r" - at `\$\.([a-z0-9_]+)")


async def json_object(request: Request[Any, Any, Any]) -> dict[str, Any]:
    """The body, whatever content type it claims. Raises `ApiError` 400."""
    try:
        body = json.decode(await request.body())
    except RecursionError:
        raise ApiError(400, "The body is nested too deeply.") from None
    except ValueError as error:
        raise ApiError(400, f"The body is not valid JSON: {error}") from None
    if not isinstance(body, dict):
        raise ApiError(400, "The body must be a JSON object.")
    return body


async def typed_body(request: Request[Any, Any, Any], shape: type[T]) -> T:
    """The body as `shape`. Raises `ApiError` 400 naming the field that is wrong."""
    try:
        return msgspec.convert(await json_object(request), shape)
    except msgspec.ValidationError as error:
        path = _PATH.search(str(error))
        raise ApiError(400, str(error), attribute=path.group(1) if path else None) from None
