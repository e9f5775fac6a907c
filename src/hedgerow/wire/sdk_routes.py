"""Every path that an SDK asks for, and the same paths under the operator's alias (sdk-contract §2).

Ad blockers know the usual paths; an alias such as `/hog` gives a site paths of its own.
"""

import re
from typing import Final

from hedgerow.core.errors import UserError

_ROUTES: Final = (
    "/i",
    "/e",
    "/s",
    "/batch",
    "/capture",
    "/track",
    "/engage",
    "/flags",
    "/decide",
    "/array",
    "/static",
    "/api/surveys",
    "/api/early_access_features",
    "/api/web_experiments",
    "/api/product_tours",
    "/api/feature_flag/local_evaluation",
    "/api/projects/@current/feature_flags",
)
_OTHER_FIRST_PARTS: Final = frozenset(("api", "metrics", "_liveness", "_readiness", "_status"))
_ALIAS = re.compile(r"/[A-Za-z0-9_-]+(?:/[A-Za-z0-9_-]+)*", re.ASCII)


def is_sdk_route(path: str) -> bool:
    return path.startswith(_ROUTES) and any(
        path == route or path.startswith(route + "/") for route in _ROUTES
    )


def checked_alias(alias: str) -> str:
    """The alias without a trailing slash; empty for none.

    Raises `UserError` for what is no path, or would hide one of our own.
    """
    alias = alias.rstrip("/")
    if not alias:
        return ""
    if not _ALIAS.fullmatch(alias):
        raise UserError(f"HEDGEROW_PATH_ALIAS must be a path such as /hog, not {alias!r}")
    first = alias.split("/")[1]
    if first in _OTHER_FIRST_PARTS or is_sdk_route(f"/{first}"):
        raise UserError(f"HEDGEROW_PATH_ALIAS: /{first} is a path of the server's own")
    return alias


def without_alias(path: str, alias: str) -> str:
    """The SDK's path behind the alias; any other path as it is."""
    if alias and path.startswith(alias + "/"):
        inner = path[len(alias) :]
        if is_sdk_route(inner):
            return inner
    return path
