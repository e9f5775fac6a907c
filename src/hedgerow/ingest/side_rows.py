"""Deleted persons, overrides and groups as the store's rows."""

from collections.abc import Iterable
from typing import Final

from hedgerow.core import json
from hedgerow.directory.batch import DeletedPerson, Group, PersonOverride
from hedgerow.store.rows import PersonRow
from hedgerow.store.side_rows import GroupRow, OverrideRow

# Above every version that a late writer could still bring (ingestion §2).
DELETED_VERSION_STEP: Final = 100


def deleted_person_rows(persons: Iterable[DeletedPerson]) -> list[PersonRow]:
    return [
        PersonRow(
            project_id=person.project_id,
            id=person.id,
            created_at_us=0,
            properties=b"{}",
            is_identified=False,
            version=person.version + DELETED_VERSION_STEP,
            is_deleted=True,
        )
        for person in persons
    ]


def override_rows(overrides: Iterable[PersonOverride]) -> list[OverrideRow]:
    return [
        OverrideRow(item.project_id, item.old_person_id, item.person_id, item.version)
        for item in overrides
    ]


def group_rows(groups: Iterable[Group]) -> list[GroupRow]:
    return [
        GroupRow(
            project_id=group.project_id,
            group_type_index=group.type_index,
            group_key=group.group_key,
            properties=json.encode(group.properties),
            created_at_us=group.created_at_us,
            version=group.version,
        )
        for group in groups
    ]
