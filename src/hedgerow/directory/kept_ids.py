"""The ids that flags with experience continuity go on with (sdk-contract §11, `$anon_distinct_id`).

Before a person is identified, a flag hashes their anonymous id. So that the answer stays the same
afterwards, that id is kept for the flag.
"""

from collections.abc import Collection, Mapping

from sqlalchemy import select

from hedgerow.directory.chunks import chunks
from hedgerow.directory.dialect import insert_or_keep
from hedgerow.directory.engine import Directory
from hedgerow.directory.flags_schema import feature_flag_kept_ids


def kept_ids(
    directory: Directory, project_id: int, distinct_ids: Collection[str]
) -> dict[str, str]:
    """Flag key → kept id of the person who has these distinct ids; the first one kept stays."""
    found: dict[str, tuple[int, str]] = {}
    table = feature_flag_kept_ids
    with directory.read() as connection:
        for chunk in chunks(distinct_ids):
            query = select(table.c.id, table.c.flag_key, table.c.kept_id).where(
                table.c.project_id == project_id, table.c.distinct_id.in_(chunk)
            )
            for row_id, flag_key, kept_id in connection.execute(query):
                if flag_key not in found or row_id < found[flag_key][0]:
                    found[flag_key] = (row_id, kept_id)
    return {flag_key: kept_id for flag_key, (_, kept_id) in found.items()}


def keep_ids(
    directory: Directory, project_id: int, distinct_id: str, ids: Mapping[str, str]
) -> None:
    """Keep these ids (flag key → id) unless the distinct id has others for the same flags."""
    with directory.write() as connection:
        statement = insert_or_keep(
            connection.dialect,
            feature_flag_kept_ids,
            key=("project_id", "distinct_id", "flag_key"),
        )
        connection.execute(
            statement,
            [
                {
                    "project_id": project_id,
                    "distinct_id": distinct_id,
                    "flag_key": flag_key,
                    "kept_id": kept_id,
                }
                for flag_key, kept_id in ids.items()
            ],
        )
