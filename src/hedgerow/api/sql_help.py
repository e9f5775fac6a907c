"""Questions about SQL itself: whether a text can be run, and which tables there are.

HogQLMetadata and DatabaseSchemaQuery, for editors and scripts (read-api §3.3).
"""

from typing import Any, Final

from hedgerow.api.errors import ApiError
from hedgerow.api.services import Services
from hedgerow.api.sql_query import prepare_sql
from hedgerow.core.errors import QueryError
from hedgerow.directory.projects import Project
from hedgerow.query.expressions import checked_column
from hedgerow.query.sql import prepare
from hedgerow.query.tables import EVENTS, VISIBLE_TABLES

_LANGUAGES: Final = ("hogQL", "hogQLExpr")
_JSON_COLUMN: Final = "properties"
# What the engine's types are called in PostHog's answers.
_TYPES: Final = (
    ("DateTime", "datetime"),
    ("Date", "date"),
    ("UUID", "uuid"),
    ("Array", "array"),
    ("Bool", "boolean"),
    ("Float", "float"),
    ("UInt", "integer"),
    ("Int", "integer"),
)


def sql_metadata(services: Services, project: Project, query: dict[str, Any]) -> dict[str, Any]:
    """Whether the query, or the expression over events, can be run; if not, why (blocking)."""
    language = query.get("language", _LANGUAGES[0])
    if language not in _LANGUAGES:
        raise ApiError(
            400, f"language is one of {', '.join(_LANGUAGES)}.", attribute="query.language"
        )
    written = query.get("query")
    try:
        if language == _LANGUAGES[0]:
            asked = {"query": written, "variables": query.get("variables"), "explain": True}
            services.query_runner.run(prepare_sql(services, project, asked))
        else:
            checked_column(str(written), "query.query", EVENTS)
    except QueryError as error:
        return _metadata(written, [{"message": error.detail, "start": None, "end": None}])
    return _metadata(written, [])


def _metadata(written: Any, errors: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "query": written,
        "isValid": not errors,
        "errors": errors,
        "warnings": [],
        "notices": [],
    }


def database_schema(services: Services, project: Project) -> dict[str, Any]:
    """The tables with the types of their columns (blocking)."""
    tables = {}
    for name in VISIBLE_TABLES:
        sql = f"SELECT * FROM {name} WHERE 1 = 0"  # noqa: S608 - a fixed name
        found = services.query_runner.run(prepare(sql, project_id=project.id))
        fields = {
            column: {
                "name": column,
                "hogql_value": column,
                "type": "json" if column == _JSON_COLUMN else _type(engine_type),
                "schema_valid": True,
            }
            for column, engine_type in zip(found.columns, found.types, strict=True)
        }
        tables[name] = {"type": "posthog", "id": name, "name": name, "fields": fields}
    return {"tables": tables, "joins": []}


def _type(engine_type: str) -> str:
    bare = engine_type
    for word in ("Nullable(", "LowCardinality("):
        bare = bare.removeprefix(word)
    return next((shown for prefix, shown in _TYPES if bare.startswith(prefix)), "string")
