"""Feature flags in PostHog's shape."""

from typing import Any

from msgspec import to_builtins

from hedgerow.api.times import shown_time
from hedgerow.directory.feature_flags import FeatureFlag, FlagChange


def flag_object(flag: FeatureFlag) -> dict[str, Any]:
    body: dict[str, Any] = to_builtins(flag.body)
    conditions = body["filters"].get("groups") or []
    is_simple = len(conditions) == 1 and not conditions[0].get("properties")
    return {
        "id": flag.id,
        "key": flag.key,
        **body,
        "deleted": flag.is_deleted,
        "version": flag.version,
        "is_simple_flag": is_simple,
        "rollout_percentage": conditions[0].get("rollout_percentage") if is_simple else None,
        "status": _status(flag),
        "experiment_set": [],
        "has_encrypted_payloads": False,
        "created_by": None,
        "created_at": shown_time(flag.created_at_us),
        "updated_at": shown_time(flag.updated_at_us),
        "can_edit": True,
    }


def _status(flag: FeatureFlag) -> str:
    if flag.is_deleted:
        return "DELETED"
    return "ACTIVE" if flag.body.active else "INACTIVE"


def change_object(flag: FeatureFlag, change: FlagChange) -> dict[str, Any]:
    """An entry of the activity log."""
    return {
        "activity": change.activity,
        "scope": "FeatureFlag",
        "item_id": str(flag.id),
        "user": None,
        "created_at": shown_time(change.created_at_us),
        "detail": {
            "name": flag.key,
            "version": change.version,
            "changes": [
                {"type": "FeatureFlag", "action": "changed", **item} for item in change.changes
            ],
        },
    }
