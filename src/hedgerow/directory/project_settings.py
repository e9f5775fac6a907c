"""What can be set for one project. Kept as JSON with it, so a new field needs no migration.

Every field has a default, which is what a new project has; only what differs is stored. The names
in JSON are those of PostHog's project object.
"""

from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from msgspec import Meta, Struct, field

from hedgerow.core import json, limits
from hedgerow.core.errors import FieldError
from hedgerow.core.typed_json import typed

SUNDAY: Final = 0
MONDAY: Final = 1
COOKIELESS_DISABLED: Final = 0
COOKIELESS_STATELESS: Final = 1
COOKIELESS_STATEFUL: Final = 2
_SHARE: Final = r"^(0(\.[0-9]{1,4})?|1(\.0{1,4})?)$"


class RevenueEvent(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An event that earns: the number in its `property` is added up, in whatever currency."""

    event: Annotated[str, Meta(min_length=1)] = field(name="eventName")
    property: Annotated[str, Meta(min_length=1)] = field(name="revenueProperty")


class RevenueConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    events: Annotated[list[RevenueEvent], Meta(max_length=50)] = field(default_factory=list)


class ProjectSettings(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The settings of one project.

    `time_zone` decides the days of every chart. `week_start_day` is 0 for Sunday, 1 for Monday.
    `anonymize_ips` drops the address of every event, `truncate_ips` its last part; before that
    `geoip_enabled` adds its place, if the operator has named a file. `bot_detection_enabled` adds
    the kind of bot that a user agent names. `person_processing_opt_out` makes all events
    personless, `person_last_seen_at_enabled` keeps the hour in which a person was last seen;
    `heatmaps_opt_in` keeps where people point and how far they scroll. An event older
    than `drop_events_older_than_seconds` on arrival is dropped; None keeps all.
    `cookieless_server_hash_mode` is what becomes of visitors whose browsers keep nothing: 0 drops
    their events, 1 gives each an id and one session a day, 2 real sessions and `$identify` too.
    `session_recording_opt_in` switches session replay on; recordings are kept for
    `session_recording_retention_days` and no more than `session_recording_quota_megabytes` of them.
    In insights, `test_account_filters` are the property filters that `filterTestAccounts` adds, and
    `test_account_filters_default_checked` whether pages ask for it at first.
    `revenue_analytics_config` names the events whose revenue web analytics adds up.
    `person_on_events_querying_enabled` reads a person's properties as they were at the event, else
    as they are now. `actors_by_distinct_id` counts distinct ids and not persons.
    The other switches steer the browser and mobile SDKs (sdk-contract §8.1).
    """

    time_zone: str = field(default="UTC", name="timezone")
    session_recording_retention_days: Annotated[int, Meta(ge=1, le=3650)] = (
        limits.RECORDING_RETENTION_DAYS
    )
    session_recording_quota_megabytes: Annotated[int, Meta(ge=0, le=10_000_000)] = (
        limits.RECORDING_QUOTA_MEGABYTES
    )
    week_start_day: Annotated[int, Meta(ge=SUNDAY, le=MONDAY)] = SUNDAY
    anonymize_ips: bool = False
    truncate_ips: bool = False
    geoip_enabled: bool = True
    bot_detection_enabled: bool = True
    person_processing_opt_out: bool = False
    person_last_seen_at_enabled: bool = False
    test_account_filters: Annotated[list[dict[str, Any]], Meta(max_length=100)] = field(
        default_factory=list
    )
    test_account_filters_default_checked: bool = False
    revenue_analytics_config: RevenueConfig = field(default_factory=RevenueConfig)
    person_on_events_querying_enabled: bool = True
    actors_by_distinct_id: bool = False
    # None keeps what arrives, without asking SDKs to send it.
    heatmaps_opt_in: bool | None = None
    drop_events_older_than_seconds: Annotated[int, Meta(ge=1)] | None = None
    cookieless_server_hash_mode: Annotated[
        int, Meta(ge=COOKIELESS_DISABLED, le=COOKIELESS_STATEFUL)
    ] = COOKIELESS_DISABLED
    autocapture_opt_out: bool = False
    autocapture_exceptions_opt_in: bool = False
    autocapture_web_vitals_opt_in: bool = False
    capture_console_log_opt_in: bool = False
    capture_dead_clicks: bool = False
    capture_performance_opt_in: bool = False
    session_recording_opt_in: bool = False
    # The share of sessions recorded, as PostHog writes it: "0.25".
    session_recording_sample_rate: Annotated[str, Meta(pattern=_SHARE)] | None = None
    session_recording_minimum_duration_milliseconds: (
        Annotated[int, Meta(ge=0, le=60_000)] | None
    ) = None
    surveys_opt_in: bool = True


SETTING_NAMES: Final = tuple(item.encode_name for item in msgspec.structs.fields(ProjectSettings))

decode_settings = msgspec.json.Decoder(ProjectSettings).decode


def settings_object(settings: ProjectSettings) -> dict[str, Any]:
    """Every setting by its JSON name, defaults included."""
    return {
        item.encode_name: msgspec.to_builtins(getattr(settings, item.name))
        for item in msgspec.structs.fields(ProjectSettings)
    }


def changed_settings(settings: ProjectSettings, changes: dict[str, Any]) -> ProjectSettings:
    """The settings with `changes`, by JSON name. Raises `FieldError` naming the wrong one."""
    for name in changes:
        if name not in SETTING_NAMES:
            known = ", ".join(SETTING_NAMES)
            raise FieldError(f"There is no project setting `{name}`; there are {known}.", name)
    changed = typed({**settings_object(settings), **changes}, ProjectSettings)
    _check_time_zone(changed.time_zone)
    return changed


def encode_settings(settings: ProjectSettings) -> str:
    return json.encode(settings).decode()


def _check_time_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise FieldError(
            f"There is no time zone {name!r}; use a name such as Europe/Berlin.", "timezone"
        ) from None
