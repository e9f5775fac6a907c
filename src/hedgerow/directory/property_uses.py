"""How often queries read each property, kept over a restart."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from hedgerow.directory.dialect import execute_many, insert_or_change
from hedgerow.directory.engine import Directory
from hedgerow.directory.property_uses_schema import property_uses


@dataclass(slots=True)
class PropertyUse:
    """How many queries read the property, and how long they took in all."""

    scope: str
    name: str
    queries: int = 0
    elapsed_ms: float = 0


def saved_property_uses(directory: Directory) -> list[PropertyUse]:
    with directory.read() as connection:
        return [PropertyUse(*row) for row in connection.execute(select(property_uses))]


def save_property_uses(directory: Directory, uses: Sequence[PropertyUse]) -> None:
    """Write them as they now are."""
    with directory.write() as connection:
        statement = insert_or_change(
            connection.dialect,
            property_uses,
            lambda new: {"queries": new.queries, "elapsed_ms": new.elapsed_ms},
        )
        execute_many(
            connection,
            statement,
            ("scope", "name", "queries", "elapsed_ms"),
            [(use.scope, use.name, use.queries, use.elapsed_ms) for use in uses],
        )
