"""Every setting: name, unit, default and meaning. Read once, passed to whoever needs it."""

import os
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Literal

from hedgerow.core import limits
from hedgerow.core.errors import UserError

PROFILES = ("documented", "upstream")
UNKNOWN_KEYS = ("refuse", "accept")


def _setting(default: Any, meaning: str) -> Any:
    return field(default=default, metadata={"meaning": meaning})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The environment variable of a setting is `HEDGEROW_` and its name in capitals."""

    data: Path = _setting(Path("hedgerow-data"), "The data folder; everything lies in it.")
    host: str = _setting("127.0.0.1", "Address to listen on. Loopback unless told otherwise.")
    port: int = _setting(8000, "Port to listen on.")
    project_api_key: str = _setting("", "Key (phc_…) of project 1 at the first start; else made.")
    personal_api_key: str = _setting("", "Personal key (phx_…) to provision at start; else made.")
    capture_profile: Literal["documented", "upstream"] = _setting(
        "documented",
        "`documented`: an invalid event is dropped alone with 200; `upstream`: 400 for all.",
    )
    unknown_keys: Literal["refuse", "accept"] = _setting(
        "refuse", "`refuse` unknown project keys with 401, or `accept`."
    )
    trust_forwarded_for: bool = _setting(
        False, "Take the client address from X-Forwarded-For; only behind your own proxy."
    )
    historical_rerouting_days: int = _setting(
        0, "Route events at least this old to the historical lane; 0 switches it off."
    )
    drop_events: str = _setting(
        "", "Silently drop: `token:id1,id2;token2:*` (capture-protocol §8.2)."
    )
    path_alias: str = _setting(
        "", "A path such as /hog below which every path that SDKs use is answered too."
    )
    disk_reserve_bytes: int = _setting(
        512 * 1024 * 1024, "Answer 503 when less than this is free on the log's disk."
    )
    segment_bytes: int = _setting(limits.SEGMENT_BYTES_MAX, "Size at which a new log file starts.")
    log_retention_days: int = _setting(
        limits.LOG_RETENTION_DAYS, "Days that ingested log files are kept for a replay."
    )
    log_retention_bytes: int = _setting(
        limits.LOG_RETENTION_BYTES, "Size that ingested log files may take in all."
    )
    geoip_database: str = _setting(
        "", "An mmdb file (City) that tells the place of an address; empty for none."
    )
    query_seconds_max: int = _setting(limits.QUERY_SECONDS_MAX, "Time limit of one query.")
    query_bytes_max: int = _setting(limits.QUERY_BYTES_MAX, "Memory limit of one query.")
    query_rows_max: int = _setting(limits.QUERY_ROWS_MAX, "Most rows one query returns.")
    log_level: str = _setting("info", "debug, info, warning or error.")

    @property
    def geoip_file(self) -> Path | None:
        return Path(self.geoip_database) if self.geoip_database else None

    @property
    def local_url(self) -> str:
        """Where this machine itself reaches the server."""
        host = "127.0.0.1" if self.host in ("0.0.0.0", "::") else self.host  # noqa: S104
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"

    @property
    def log_folder(self) -> Path:
        return self.data / "log"

    @property
    def directory_path(self) -> Path:
        return self.data / "directory.sqlite"

    @property
    def store_folder(self) -> Path:
        return self.data / "store"

    @property
    def core_socket(self) -> Path:
        return self.data / "core.sock"

    @property
    def control_socket(self) -> Path:
        """Where the edge takes control records for the log."""
        return self.data / "edge-control.sock"

    @property
    def refusals_file(self) -> Path:
        """What the edge tells the core of requests it refused."""
        return self.data / "refusals.json"

    @property
    def limited_projects(self) -> Path:
        """The keys of projects over a quota, which the core publishes for the edge."""
        return self.data / "limited-projects.json"

    @property
    def keys_snapshot(self) -> Path:
        """The project keys the core publishes for the edge."""
        return self.data / "project-keys.json"

    @property
    def projects_snapshot(self) -> Path:
        """Flags, configuration and surveys the core publishes for the edge."""
        return self.data / "projects.json"


def _parse(name: str, text: str, default: Any) -> Any:
    variable = f"HEDGEROW_{name.upper()}"
    if isinstance(default, bool):
        if text.lower() in ("1", "true", "yes", "on"):
            return True
        if text.lower() in ("0", "false", "no", "off", ""):
            return False
        raise UserError(f"{variable} must be true or false, not {text!r}")
    if isinstance(default, int):
        try:
            return int(text)
        except ValueError:
            raise UserError(f"{variable} must be a whole number, not {text!r}") from None
    return Path(text) if isinstance(default, Path) else text


def load_settings(environment: dict[str, str] | None = None, **overrides: Any) -> Settings:
    """Settings from the environment; `overrides` that are not None win. Raises `UserError`."""
    environment = dict(os.environ) if environment is None else environment
    values: dict[str, Any] = {}
    for item in fields(Settings):
        text = environment.get(f"HEDGEROW_{item.name.upper()}")
        if text is not None:
            values[item.name] = _parse(item.name, text, item.default)
    values.update({name: value for name, value in overrides.items() if value is not None})
    settings = Settings(**values)
    if settings.capture_profile not in PROFILES:
        raise UserError(f"HEDGEROW_CAPTURE_PROFILE must be one of {', '.join(PROFILES)}")
    if settings.unknown_keys not in UNKNOWN_KEYS:
        raise UserError(f"HEDGEROW_UNKNOWN_KEYS must be one of {', '.join(UNKNOWN_KEYS)}")
    return settings
