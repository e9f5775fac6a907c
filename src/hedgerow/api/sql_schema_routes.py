"""What can be asked in SQL: for the editor's browser of tables, and its completion."""

from typing import Any, Final

import msgspec
from litestar import Request, get

from hedgerow.api.auth import authorized_project
from hedgerow.api.data_routes import both
from hedgerow.api.services import Services
from hedgerow.query.tables import VISIBLE_TABLES


class SqlTable(msgspec.Struct):
    name: str
    columns: list[str]


class SqlSchema(msgspec.Struct):
    tables: list[SqlTable]


@get(both("sql_schema"), summary="The tables that SQL can read, and their columns")
async def sql_schema(
    request: Request[Any, Any, Any], services: Services, project_id: str
) -> SqlSchema:
    """Properties are no columns: they are read as `properties.NAME`; see property_definitions."""
    await authorized_project(request, services, project_id)
    return SqlSchema(
        [SqlTable(table.name, list(table.columns)) for table in VISIBLE_TABLES.values()]
    )


SQL_SCHEMA_ROUTES: Final = [sql_schema]
