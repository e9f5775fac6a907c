"""Why an event was not stored: one closed list for the edge, ingest, status and warnings."""

from enum import StrEnum


class DropReason(StrEnum):
    MISSING_EVENT_NAME = "missing_event_name"
    MISSING_DISTINCT_ID = "missing_distinct_id"
    PERFORMANCE_EVENT = "performance_event"
    UNKNOWN_PROJECT_KEY = "unknown_project_key"
    TOKEN_DROPPER = "token_dropper"  # noqa: S105 - a reason, not a secret
    CLIENT_INGESTION_WARNING = "client_ingestion_warning"
    HEATMAP = "heatmap"
    SESSION_REPLAY = "session_replay"
    INVALID_DISTINCT_ID = "skipping_event_invalid_distinct_id"
    INVALID_ANON_DISTINCT_ID = "invalid_anon_distinct_id"
    INVALID_ALIAS = "invalid_alias"
    TOO_OLD = "event_dropped_too_old"
    MESSAGE_TOO_LARGE = "message_size_too_large"
    GROUP_KEY_TOO_LONG = "group_key_too_long"
    INVALID_GROUP_SET = "invalid_group_set"
    QUOTA = "quota_limited"
    EVENT_NAME_TOO_LONG = "event_name_too_long"
    DISTINCT_ID_TOO_LARGE = "distinct_id_too_large"
    INVALID_EVENT_TIMESTAMP = "invalid_event_timestamp"
    MALFORMED_EVENT_PROPERTIES = "malformed_event_properties"
    INVALID_OPTIONS = "invalid_options"
    EVENT_TOO_BIG = "event_too_big"
    AI_EVENT_TOO_BIG = "ai_event_too_big"
    INVALID_PERSON_PROCESSING = "invalid_event_when_process_person_profile_is_false"
    LOGS_NOT_KEPT = "logs_not_kept"
    METRICS_NOT_KEPT = "metrics_not_kept"
    TRACES_NOT_KEPT = "traces_not_kept"
