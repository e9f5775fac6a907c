"""Feature flags: made, listed, changed, deleted, each change kept with what it changed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, Select, func, insert, or_, select, update

from hedgerow.core import json
from hedgerow.core.errors import FieldError, UserError
from hedgerow.directory.dialect import json_text
from hedgerow.directory.engine import Directory
from hedgerow.directory.flag_body import FlagBody
from hedgerow.directory.flags_schema import feature_flag_changes, feature_flags
from hedgerow.flags.definition import Filters, FlagDefinition

# A number beyond this is no id of ours, and no integer of the database's.
_ID_DIGITS_MAX = 15


@dataclass(frozen=True, slots=True)
class FeatureFlag:
    """`version` starts at 1 and grows with every change."""

    id: int
    project_id: int
    key: str
    body: FlagBody
    is_deleted: bool
    version: int
    created_at_us: int
    updated_at_us: int

    def definition(self) -> FlagDefinition:
        """The flag as evaluation reads it. Its filters were checked when they were written."""
        body = self.body
        return FlagDefinition(
            id=self.id,
            key=self.key,
            active=body.active,
            name=body.name,
            filters=msgspec.convert(body.filters, Filters),
            version=self.version,
            ensure_experience_continuity=body.ensure_experience_continuity,
            evaluation_runtime=body.evaluation_runtime,
            evaluation_contexts=body.evaluation_contexts,
            bucketing_identifier=body.bucketing_identifier,
        )


@dataclass(frozen=True, slots=True)
class FlagChange:
    """`activity` is created, updated or deleted; `changes` are {field, before, after}."""

    activity: str
    version: int
    changes: list[dict[str, Any]]
    created_at_us: int


@dataclass(frozen=True, slots=True)
class FlagContent:
    """What a change may touch."""

    key: str
    body: FlagBody
    is_deleted: bool = False


class NoSuchFlagError(UserError):
    """There is no such flag in that project."""


class FlagConflictError(UserError):
    """The flag has been changed since the version that the change was made for."""


def create_flag(
    directory: Directory, project_id: int, content: FlagContent, *, now_us: int
) -> FeatureFlag:
    """Raises `FieldError` when another flag of the project has the key."""
    with directory.write() as connection:
        _check_key_is_free(connection, project_id, content.key, None)
        row = connection.execute(
            insert(feature_flags)
            .values(
                project_id=project_id,
                key=content.key,
                body=json.encode(content.body).decode(),
                is_deleted=False,
                version=1,
                created_at_us=now_us,
                updated_at_us=now_us,
            )
            .returning(*feature_flags.c)
        ).one()
        flag = _flag(row)
        _record_change(connection, flag, "created", [], now_us)
    return flag


def change_flag(  # noqa: PLR0913 - who, what, how and when
    directory: Directory,
    project_id: int,
    flag_id: str,
    change: Callable[[FeatureFlag], FlagContent],
    *,
    expected_version: int | None = None,
    now_us: int,
) -> FeatureFlag:
    """The flag after `change`, read and written in one transaction.

    Raises `NoSuchFlagError`, `FlagConflictError` when it is no longer at `expected_version`, and
    whatever `change` raises; nothing is then changed.
    """
    with directory.write() as connection:
        found = _one(connection, project_id, flag_id)
        if expected_version is not None and expected_version != found.version:
            raise FlagConflictError(
                f"The flag was changed meanwhile: it has version {found.version}, and the change "
                f"was made for version {expected_version}. Read it again."
            )
        content = change(found)
        if not content.is_deleted:
            _check_key_is_free(connection, project_id, content.key, found.id)
        row = connection.execute(
            update(feature_flags)
            .where(feature_flags.c.id == found.id)
            .values(
                key=content.key,
                body=json.encode(content.body).decode(),
                is_deleted=content.is_deleted,
                version=found.version + 1,
                updated_at_us=now_us,
            )
            .returning(*feature_flags.c)
        ).one()
        changed = _flag(row)
        activity = "deleted" if changed.is_deleted and not found.is_deleted else "updated"
        _record_change(connection, changed, activity, _differences(found, changed), now_us)
    return changed


def flag_by_id(directory: Directory, project_id: int, wanted: str) -> FeatureFlag:
    """By its number, else by the key of one that is not deleted. Raises `NoSuchFlagError`."""
    with directory.read() as connection:
        return _one(connection, project_id, wanted)


def list_flags(  # noqa: PLR0913 - independent filters, given by name
    directory: Directory,
    project_id: int,
    *,
    search: str | None = None,
    active: bool | None = None,
    limit: int | None = None,
    offset: int = 0,
) -> tuple[list[FeatureFlag], int]:
    """Those that are not deleted, the newest first, and how many there are in all.

    `search` looks, ignoring ASCII case, for a part of the key or the description.
    """
    query = _flags(project_id).where(feature_flags.c.is_deleted.is_(False))
    with directory.read() as connection:
        dialect = connection.dialect
        if search:
            name = json_text(dialect, feature_flags.c.body, "name")
            part = search.lower()
            query = query.where(
                or_(
                    *(
                        func.lower(text).contains(part, autoescape=True)
                        for text in (feature_flags.c.key, name)
                    )
                )
            )
        if active is not None:
            is_active = json_text(dialect, feature_flags.c.body, "active").in_(("1", "true"))
            query = query.where(is_active if active else ~is_active)
        count = connection.execute(select(func.count()).select_from(query.subquery())).scalar_one()
        page = query.order_by(feature_flags.c.id.desc()).limit(limit).offset(offset)
        rows = connection.execute(page).all()
    return [_flag(row) for row in rows], count


def list_changes(
    directory: Directory, flag: FeatureFlag, *, limit: int, offset: int = 0
) -> tuple[list[FlagChange], int]:
    """The flag's changes, the newest first, and how many there are."""
    query = select(feature_flag_changes).where(feature_flag_changes.c.flag_id == flag.id)
    with directory.read() as connection:
        count = connection.execute(select(func.count()).select_from(query.subquery())).scalar_one()
        page = query.order_by(feature_flag_changes.c.id.desc()).limit(limit).offset(offset)
        rows = connection.execute(page).all()
    changes = [
        FlagChange(row.activity, row.version, json.decode(row.changes), row.created_at_us)
        for row in rows
    ]
    return changes, count


def _check_key_is_free(
    connection: Connection, project_id: int, key: str, but_for_id: int | None
) -> None:
    query = _flags(project_id).where(
        feature_flags.c.key == key, feature_flags.c.is_deleted.is_(False)
    )
    taken = connection.execute(query).one_or_none()
    if taken is not None and taken.id != but_for_id:
        raise FieldError("There is already a feature flag with this key.", "key")


def _one(connection: Connection, project_id: int, wanted: str) -> FeatureFlag:
    is_number = wanted.isascii() and wanted.isdigit() and len(wanted) <= _ID_DIGITS_MAX
    row = None
    if is_number:
        by_id = _flags(project_id).where(feature_flags.c.id == int(wanted))
        row = connection.execute(by_id).one_or_none()
    if row is None:
        by_key = _flags(project_id).where(
            feature_flags.c.key == wanted, feature_flags.c.is_deleted.is_(False)
        )
        row = connection.execute(by_key).one_or_none()
    if row is None:
        raise NoSuchFlagError(f"There is no feature flag {wanted[:40]}.")
    return _flag(row)


def _flags(project_id: int) -> Select[Any]:
    return select(feature_flags).where(feature_flags.c.project_id == project_id)


def _flag(row: Row[*tuple[Any, ...]]) -> FeatureFlag:
    return FeatureFlag(
        id=row.id,
        project_id=row.project_id,
        key=row.key,
        body=msgspec.convert(json.decode(row.body), FlagBody),
        is_deleted=row.is_deleted,
        version=row.version,
        created_at_us=row.created_at_us,
        updated_at_us=row.updated_at_us,
    )


def _record_change(
    connection: Connection,
    flag: FeatureFlag,
    activity: str,
    changes: list[dict[str, Any]],
    now_us: int,
) -> None:
    connection.execute(
        insert(feature_flag_changes).values(
            project_id=flag.project_id,
            flag_id=flag.id,
            activity=activity,
            version=flag.version,
            changes=json.encode(changes).decode(),
            created_at_us=now_us,
        )
    )


def _differences(before: FeatureFlag, after: FeatureFlag) -> list[dict[str, Any]]:
    old, new = _fields(before), _fields(after)
    return [
        {"field": name, "before": old[name], "after": new[name]}
        for name in new
        if old[name] != new[name]
    ]


def _fields(flag: FeatureFlag) -> dict[str, Any]:
    return {
        "key": flag.key,
        **msgspec.structs.asdict(flag.body),
        "deleted": flag.is_deleted,
    }
