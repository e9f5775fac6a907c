"""What a request puts over a query: `filters_override` and `variables_override` (read-api §3.3)."""

from typing import Any

from msgspec import MsgspecError

from hedgerow.api.errors import ApiError
from hedgerow.core import json
from hedgerow.query.insights.override import with_filters, with_variables

FILTERS = "filters_override"
VARIABLES = "variables_override"


def overridden(query: dict[str, Any], filters: Any, variables: Any) -> dict[str, Any]:
    """The query under both; None changes nothing. Raises `QueryError` or `ApiError` 400."""
    changed = with_filters(query, _object(filters, FILTERS), FILTERS)
    return with_variables(changed, _object(variables, VARIABLES))


def sent_object(text: str | None, name: str) -> dict[str, Any]:
    """An object that stands as JSON in an address. Raises `ApiError` 400."""
    if text is None:
        return {}
    try:
        return _object(json.decode(text), name)
    except MsgspecError:
        raise ApiError(400, f"{name} must be an object as JSON.", attribute=name) from None


def _object(value: Any, name: str) -> dict[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise ApiError(400, f"{name} must be an object.", attribute=name)
    return value
