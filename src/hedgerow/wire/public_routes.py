"""The public paths beside capture: flags, remote configuration, what SDKs read, OTLP.

All are served with and without the last slash: a redirect would turn an SDK's POST into a GET.
"""

import re
from enum import Enum
from typing import Final, NamedTuple
from urllib.parse import unquote


class PublicRoute(Enum):
    FLAGS = "flags"
    DECIDE = "decide"
    CONFIG_JSON = "config"
    CONFIG_JS = "config.js"
    SURVEYS = "surveys"
    EARLY_ACCESS_FEATURES = "early_access_features"
    WEB_EXPERIMENTS = "web_experiments"
    PRODUCT_TOURS = "product_tours"
    LOGS = "logs"
    METRICS = "metrics"
    TRACES = "traces"


class PublicPath(NamedTuple):
    """`token` is the project key where the path carries it."""

    route: PublicRoute
    token: str | None = None


_FIXED: Final = {
    "/flags": PublicPath(PublicRoute.FLAGS),
    "/decide": PublicPath(PublicRoute.DECIDE),
    "/api/surveys": PublicPath(PublicRoute.SURVEYS),
    "/api/early_access_features": PublicPath(PublicRoute.EARLY_ACCESS_FEATURES),
    "/api/web_experiments": PublicPath(PublicRoute.WEB_EXPERIMENTS),
    "/api/product_tours": PublicPath(PublicRoute.PRODUCT_TOURS),
    "/i/v1/logs": PublicPath(PublicRoute.LOGS),
    "/i/v1/metrics": PublicPath(PublicRoute.METRICS),
    "/i/v1/traces": PublicPath(PublicRoute.TRACES),
}
_CONFIGS: Final = {"config": PublicRoute.CONFIG_JSON, "config.js": PublicRoute.CONFIG_JS}


# What server SDKs read from the core: answered there, but for a browser's question beforehand.
_READ_FROM_CORE: Final = re.compile(
    r"/flags/definitions|/api/feature_flag/local_evaluation"
    r"|/api/(?:projects|environments)/[^/]+/feature_flags/[^/]+/remote_config",
)


def is_read_from_core(path: str) -> bool:
    return _READ_FROM_CORE.fullmatch(path.removesuffix("/")) is not None


def public_path(path: str) -> PublicPath | None:
    """What `path` asks for; None where it is no such route."""
    found = _FIXED.get(path.removesuffix("/"))
    if found is not None:
        return found
    if not path.startswith("/array/"):
        return None
    token, slash, name = path.removeprefix("/array/").removesuffix("/").partition("/")
    route = _CONFIGS.get(name)
    if not slash or not token or route is None:
        return None
    return PublicPath(route, unquote(token))
