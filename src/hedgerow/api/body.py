"""The JSON body of a request."""

from typing import Any

from litestar import Request

from hedgerow.api.errors import ApiError
from hedgerow.core import json


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
