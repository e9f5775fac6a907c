"""Which paths are capture routes, and what sets some of them apart (capture-protocol §1)."""

from typing import Final

ALLOWED_METHODS: Final = frozenset({"GET", "HEAD", "POST", "OPTIONS"})

_PATHS = ("/i/v0/e", "/batch", "/e", "/capture", "/track", "/engage", "/i/v0/ai/batch")

# Both spellings are routes of their own: a redirect would turn an SDK's POST into a GET.
CAPTURE_PATHS: Final = frozenset(path + slash for path in _PATHS for slash in ("", "/"))

_V1_PATHS = ("/i/v1/analytics/events", "/i/v1/ai/events")
V1_PATHS: Final = frozenset(path + slash for path in _V1_PATHS for slash in ("", "/"))
REPLAY_PATHS: Final = frozenset(("/s", "/s/"))

_LEGACY_PREFIXES = ("/e/", "/capture", "/engage", "/track")


def is_capture_path(path: str) -> bool:
    return path in CAPTURE_PATHS


def is_legacy_path(path: str) -> bool:
    """Whether a second layer of base64 is unwrapped on this path (§3, step 7)."""
    return path == "/e" or path.startswith(_LEGACY_PREFIXES)


def is_engage_path(path: str) -> bool:
    """Whether a nameless event on this path is an `$identify` (§4, shape 4)."""
    return path.startswith("/engage")


def allow_header() -> str:
    """The value of `Allow` in a 405 answer (§1.1)."""
    return "GET, HEAD, POST, OPTIONS"
