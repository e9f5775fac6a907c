"""Ingestion warnings: their categories and severities in one table (ingestion §18)."""

from typing import Any, Final

from hedgerow.directory.batch import Warning as IngestionWarning
from hedgerow.ingest.event import IngestEvent

# error: the event was dropped; warning: kept, but changed; info: worth knowing.
REGISTRY: Final[dict[str, tuple[str, str]]] = {
    "missing_event_name": ("event", "error"),
    "missing_distinct_id": ("event", "error"),
    "performance_event": ("event", "info"),
    "token_dropper": ("event", "info"),
    "quota_limited": ("size", "error"),
    "session_recording_switched_off": ("event", "info"),
    "session_recording_over_quota": ("size", "error"),
    "empty_batch": ("event", "error"),
    "invalid_batch": ("event", "error"),
    "missing_event_uuid": ("event", "error"),
    "invalid_event_uuid": ("event", "error"),
    "duplicate_event_uuid": ("event", "error"),
    "missing_session_id": ("replay", "error"),
    "invalid_session_id": ("replay", "error"),
    "missing_snapshot_data": ("replay", "error"),
    "message_contained_no_valid_rrweb_events": ("replay", "warning"),
    "replay_timestamp_invalid": ("replay", "warning"),
    "replay_timestamp_too_far": ("replay", "warning"),
    "replay_lib_version_too_old": ("replay", "warning"),
    "event_name_too_long": ("event", "error"),
    "distinct_id_too_large": ("event", "error"),
    "invalid_event_timestamp": ("event", "error"),
    "malformed_event_properties": ("event", "error"),
    "invalid_options": ("event", "error"),
    "event_too_big": ("size", "error"),
    "ai_event_too_big": ("size", "error"),
    "invalid_event_when_process_person_profile_is_false": ("event", "error"),
    "invalid_process_person_profile": ("event", "warning"),
    "ignored_invalid_timestamp": ("event", "warning"),
    "event_timestamp_in_future": ("event", "warning"),
    "skipping_event_invalid_distinct_id": ("event", "error"),
    "distinct_id_truncated": ("event", "warning"),
    "event_uuid_not_v7": ("event", "info"),
    "person_properties_size_violation": ("size", "error"),
    "group_upsert_message_size_too_large": ("size", "error"),
    "cannot_merge_already_identified": ("merge", "warning"),
    "cannot_merge_with_illegal_distinct_id": ("merge", "warning"),
    "invalid_anon_distinct_id": ("event", "error"),
    "invalid_alias": ("event", "error"),
    "group_key_too_long": ("size", "error"),
    "invalid_group_set": ("event", "error"),
    "event_dropped_too_old": ("event", "info"),
    "message_size_too_large": ("size", "error"),
    "invalid_event_session_id": ("event", "warning"),
    "missing_session_id_with_window_id": ("event", "warning"),
    "invalid_ai_token_property": ("event", "warning"),
    "invalid_heatmap_data": ("event", "warning"),
    "rejecting_heatmap_data_with_invalid_url": ("event", "warning"),
    "rejecting_heatmap_data_with_invalid_items": ("event", "warning"),
    "high_volume_distinct_id": ("quota", "warning"),
    "cookieless_missing_user_agent": ("event", "error"),
    "cookieless_missing_ip": ("event", "error"),
    "cookieless_missing_host": ("event", "error"),
    "cookieless_timestamp_out_of_range": ("event", "error"),
    "client_ingestion_warning": ("event", "info"),
    "number_out_of_range": ("event", "warning"),
    "logs_not_kept": ("event", "info"),
    "metrics_not_kept": ("event", "info"),
    "traces_not_kept": ("event", "info"),
}


def warning(
    project_id: int, type_: str, details: dict[str, Any], timestamp_us: int, count: int = 1
) -> IngestionWarning:
    category, severity = REGISTRY[type_]
    return IngestionWarning(
        project_id=project_id,
        type=type_,
        category=category,
        severity=severity,
        details={**details, "category": category, "severity": severity},
        timestamp_us=timestamp_us,
        count=count,
    )


def event_warning(event: IngestEvent, type_: str, **details: Any) -> IngestionWarning:
    """A warning about one event; its uuid, name and distinct id are always in the details."""
    about = {"eventUuid": event.uuid, "event": event.name, "distinctId": event.distinct_id}
    return warning(event.project_id, type_, {**about, **details}, event.request.now_us)
