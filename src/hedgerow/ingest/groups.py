"""Steps about groups: types, the columns of an event, and `$groupidentify` (ingestion §8)."""

from typing import Final

from hedgerow.core import limits
from hedgerow.ingest.context import StepContext
from hedgerow.ingest.event import Drop, IngestEvent
from hedgerow.ingest.warnings import event_warning
from hedgerow.people.groups import GROUP_COLUMNS, GROUP_IDENTIFY, key_text, utf16_length
from hedgerow.people.merging import json_type
from hedgerow.wire.drops import DropReason

GROUPS: Final = frozenset(("$groups",))
_SAMPLE_CHARS: Final = 100


def check_group_key(event: IngestEvent, context: StepContext) -> Drop | None:
    """A key, or a type, longer than 400 drops the `$groupidentify` (§1.3, §8)."""
    if event.name != GROUP_IDENTIFY:
        return None
    for name in ("$group_key", "$group_type"):
        text = key_text(event.properties.get(name))
        length = utf16_length(text)
        if length > limits.GROUP_KEY_CHARS_MAX:
            context.warnings.append(
                event_warning(
                    event,
                    "group_key_too_long",
                    groupKey=text[:_SAMPLE_CHARS],
                    groupKeyLength=length,
                    maxLength=limits.GROUP_KEY_CHARS_MAX,
                )
            )
            return Drop(DropReason.GROUP_KEY_TOO_LONG)
    return None


def assign_groups(event: IngestEvent, context: StepContext) -> Drop | None:
    """`$groups` of an event become the columns `$group_0` to `$group_4`; no group is made."""
    properties = event.properties
    if "$groups" in properties and not event.personless:
        _set_columns(event, context)
    if event.name == GROUP_IDENTIFY and not event.personless:
        return _identify_group(event, context)
    return None


def _set_columns(event: IngestEvent, context: StepContext) -> None:
    named = event.properties["$groups"]
    if not isinstance(named, dict):
        return
    for group_type, group_key in named.items():
        if not 0 < len(group_type) <= limits.GROUP_KEY_CHARS_MAX:
            continue
        if event.name == "$exception":
            index = context.groups.known_index(event.project_id, group_type)
        else:
            index = context.groups.type_index(event.project_id, group_type, event.timestamp_us)
        if index is not None:
            event.properties[GROUP_COLUMNS[index]] = group_key


def _identify_group(event: IngestEvent, context: StepContext) -> Drop | None:
    properties = event.properties
    group_type = key_text(properties.get("$group_type"))
    group_key = key_text(properties.get("$group_key"))
    if not group_type or not group_key:
        return None
    sent = properties.get("$group_set")
    if sent is not None and not isinstance(sent, dict):
        context.warnings.append(
            event_warning(
                event,
                "invalid_group_set",
                groupType=group_type,
                groupKey=group_key,
                receivedType=json_type(sent),
            )
        )
        return Drop(DropReason.INVALID_GROUP_SET)
    index = context.groups.type_index(event.project_id, group_type, event.timestamp_us)
    if index is not None:
        created_at_us = min(event.request.now_us, event.timestamp_us)
        key = (event.project_id, index, group_key)
        if context.groups.upsert(*key, sent or {}, created_at_us):
            event.group_type_index = index
        else:
            about = {"groupType": group_type, "groupKey": group_key}
            context.warnings.append(
                event_warning(event, "group_upsert_message_size_too_large", **about)
            )
    return None
