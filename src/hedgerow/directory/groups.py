"""Group types and groups (ingestion §8): looked up, listed for the API, and saved."""

from collections.abc import Collection, Sequence

from sqlalchemy import Connection, func, select

from hedgerow.core import json
from hedgerow.directory.batch import Group, GroupType
from hedgerow.directory.chunks import chunks
from hedgerow.directory.dialect import execute_many, insert_or_change, insert_or_keep
from hedgerow.directory.engine import Directory
from hedgerow.directory.group_schema import group_types, groups

# Type index and key.
GroupName = tuple[int, str]


def list_group_types(directory: Directory, project_id: int) -> list[GroupType]:
    """The project's group types by index."""
    query = (
        select(group_types)
        .where(group_types.c.project_id == project_id)
        .order_by(group_types.c.type_index)
    )
    with directory.read() as connection:
        return [GroupType(*row) for row in connection.execute(query)]


def load_groups(
    directory: Directory, project_id: int, names: Collection[GroupName]
) -> dict[GroupName, Group]:
    """The groups of these names; unknown ones are left out."""
    found: dict[GroupName, Group] = {}
    keys_of_type: dict[int, list[str]] = {}
    for type_index, group_key in names:
        keys_of_type.setdefault(type_index, []).append(group_key)
    with directory.read() as connection:
        for type_index, keys in keys_of_type.items():
            for chunk in chunks(keys):
                query = select(groups).where(
                    groups.c.project_id == project_id,
                    groups.c.type_index == type_index,
                    groups.c.group_key.in_(chunk),
                )
                for row in connection.execute(query):
                    group = _group(*row)
                    found[type_index, group.group_key] = group
    return found


def list_groups(  # noqa: PLR0913 - independent filters, given by name
    directory: Directory,
    project_id: int,
    *,
    type_index: int,
    search: str | None = None,
    limit: int = 100,
    after: str | None = None,
) -> list[Group]:
    """Groups of one type by key, from behind the key `after` on.

    `search` looks, ignoring ASCII case, for a part of the key or of the properties' text.
    """
    query = (
        select(groups)
        .where(groups.c.project_id == project_id, groups.c.type_index == type_index)
        .order_by(groups.c.group_key)
        .limit(limit)
    )
    if after is not None:
        query = query.where(groups.c.group_key > after)
    if search:
        part = search.lower()
        query = query.where(
            func.lower(groups.c.group_key).contains(part, autoescape=True)
            | func.lower(groups.c.properties).contains(part, autoescape=True)
        )
    with directory.read() as connection:
        return [_group(*row) for row in connection.execute(query)]


def save_group_types(connection: Connection, new: Sequence[GroupType]) -> None:
    """An index once given stays."""
    execute_many(
        connection,
        insert_or_keep(connection.dialect, group_types),
        ("project_id", "group_type", "type_index", "created_at_us"),
        [(item.project_id, item.group_type, item.type_index, item.created_at_us) for item in new],
    )


def save_groups(connection: Connection, changed: Sequence[Group]) -> None:
    """Write the groups as they now are."""
    statement = insert_or_change(
        connection.dialect,
        groups,
        lambda new: {"properties": new.properties, "version": new.version},
    )
    execute_many(
        connection,
        statement,
        ("project_id", "type_index", "group_key", "properties", "created_at_us", "version"),
        [
            (
                item.project_id,
                item.type_index,
                item.group_key,
                json.encode(item.properties).decode(),
                item.created_at_us,
                item.version,
            )
            for item in changed
        ],
    )


def _group(  # noqa: PLR0913, PLR0917 - a row, column by column
    project_id: int,
    type_index: int,
    group_key: str,
    properties: str,
    created_at_us: int,
    version: int,
) -> Group:
    return Group(project_id, type_index, group_key, json.decode(properties), created_at_us, version)
