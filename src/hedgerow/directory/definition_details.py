"""What people say about an event or a property: a description, tags, if it is to be trusted."""

from collections.abc import Collection
from typing import Annotated, Any, Final

from msgspec import Meta, Struct, field, to_builtins
from sqlalchemy import Connection, select

from hedgerow.core import json
from hedgerow.core.typed_json import typed
from hedgerow.directory.chunks import chunks
from hedgerow.directory.definition_details_schema import definition_details
from hedgerow.directory.dialect import insert_or_change
from hedgerow.directory.engine import Directory

# The scope of an event itself, beside the four scopes of properties.
EVENT_NAME_SCOPE: Final = "event_name"


class DefinitionDetails(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    description: Annotated[str, Meta(max_length=10_000)] = ""
    tags: Annotated[list[Annotated[str, Meta(max_length=255)]], Meta(max_length=100)] = field(
        default_factory=list
    )
    verified: bool = False
    hidden: bool = False


NO_DETAILS: Final = DefinitionDetails()


def details_by_name(
    directory: Directory, project_id: int, scope: str, names: Collection[str]
) -> dict[str, DefinitionDetails]:
    """The details of those names that have any."""
    found: dict[str, DefinitionDetails] = {}
    with directory.read() as connection:
        for chunk in chunks(names):
            found.update(_details(connection, project_id, scope, chunk))
    return found


def change_details(
    directory: Directory, project_id: int, scope: str, name: str, changes: dict[str, Any]
) -> DefinitionDetails:
    """The details with `changes`. Raises `FieldError` naming the wrong one."""
    with directory.write() as connection:
        current = _details(connection, project_id, scope, [name]).get(name, NO_DETAILS)
        changed = typed({**to_builtins(current), **changes}, DefinitionDetails)
        values = {
            "description": changed.description,
            "tags": json.encode(changed.tags).decode(),
            "is_verified": changed.verified,
            "is_hidden": changed.hidden,
        }
        connection.execute(
            insert_or_change(
                connection.dialect,
                definition_details,
                lambda new: {column: new[column] for column in values},
            ),
            {"project_id": project_id, "scope": scope, "name": name, **values},
        )
    return changed


def _details(
    connection: Connection, project_id: int, scope: str, names: Collection[str]
) -> dict[str, DefinitionDetails]:
    columns = definition_details.c
    query = select(definition_details).where(
        columns.project_id == project_id, columns.scope == scope, columns.name.in_(names)
    )
    return {
        row.name: DefinitionDetails(
            description=row.description,
            tags=json.decode(row.tags),
            verified=row.is_verified,
            hidden=row.is_hidden,
        )
        for row in connection.execute(query)
    }
