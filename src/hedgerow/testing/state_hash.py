"""Hashes of everything that was ingested: equal for equal state, whatever way it came about.

    python -m hedgerow.testing.state_hash DATA_FOLDER

The server must not run on the folder. Prints JSON: what → [rows, hash].
"""

import hashlib
import json
import sys
from pathlib import Path
from typing import Any, Final

from sqlalchemy import text

from hedgerow.directory.engine import open_directory
from hedgerow.settings import load_settings
from hedgerow.store.client import connect

_STORE_TABLES: Final = (
    *("events", "persons", "person_distinct_ids", "person_overrides", "groups", "heatmaps"),
)
_DIRECTORY_QUERIES: Final = {
    "persons": "SELECT * FROM persons ORDER BY project_id, id",
    # The order in which a person got its ids counts; the numbers that stand for it do not.
    "distinct ids": (
        "SELECT project_id, distinct_id, person_id, version, "
        "rank() OVER (PARTITION BY project_id, person_id ORDER BY id) "
        "FROM person_distinct_ids ORDER BY project_id, distinct_id"
    ),
    "overrides": "SELECT * FROM person_overrides ORDER BY project_id, old_person_id",
    "group types": "SELECT * FROM group_types ORDER BY project_id, type_index",
    "groups": "SELECT * FROM groups ORDER BY project_id, type_index, group_key",
    "definitions": "SELECT * FROM property_definitions ORDER BY project_id, scope, name",
    "outcomes": "SELECT * FROM outcomes ORDER BY project_id, outcome, reason",
    "position": "SELECT position FROM ingest_progress",
}


def state_hashes(data: Path) -> dict[str, Any]:
    """In a process that has no other engine open."""
    settings = load_settings(data=data)
    hashes: dict[str, Any] = {}
    client = connect(settings.store_folder)
    for table in _STORE_TABLES:
        # As text, since the hash of a tuple with a null in it is null.
        row_hash = "cityHash64(toString(tuple(*)))"
        query = f"SELECT count(), sum({row_hash}) FROM {table} FINAL"  # noqa: S608 - fixed names
        hashes[f"store {table}"] = list(client.query(query).result_rows[0])
    client.close()
    directory = open_directory(settings.directory_path)
    with directory.read() as connection:
        for name, query in _DIRECTORY_QUERIES.items():
            rows = connection.execute(text(query)).all()
            digest = hashlib.sha256(repr([tuple(row) for row in rows]).encode()).hexdigest()
            hashes[name] = [len(rows), digest]
    directory.close()
    return hashes


if __name__ == "__main__":
    sys.stdout.write(json.dumps(state_hashes(Path(sys.argv[1])), indent=2) + "\n")
