"""SQL that finds the person an event counts for now (ingestion §3.4, decision 4).

An event's `person_id` is the one known when it was ingested; `person_overrides` has the person it
counts for since. One form serves every query: a LEFT ANY JOIN of the rows with the overrides.
Tried and not cheaper (`bench/person_resolution.py`): making the persons distinct first, a Join
table with joinGet, a dictionary, an aggregation over both. What costs is one look into a hash
table for each row, whichever function does it; so give it few rows and few columns.
"""

from typing import Final

# What a UUID column of a joined row holds where no override was found; it has no null.
_NONE: Final = "toUUID('00000000-0000-0000-0000-000000000000')"


def overrides_subquery(project_id: int) -> str:
    """One row an old person id: `old_person_id` and the person it counts for, `new_person_id`."""
    return (
        "SELECT old_person_id, person_id AS new_person_id "  # noqa: S608 - fixed names and a number
        f"FROM person_overrides FINAL WHERE project_id = {int(project_id)} AND is_deleted = 0"
    )


def resolved_person(old: str, new: str) -> str:
    """The expression for the person, of the two columns of the join."""
    return f"if({new} = {_NONE}, {old}, {new})"


def resolved_rows(rows: str, project_id: int) -> str:
    """The query `rows` with its column `person_id` resolved; the other columns as they are."""
    person = resolved_person("unresolved.person_id", "overrides.new_person_id")
    return (
        f"SELECT unresolved.* REPLACE ({person} AS person_id) "  # noqa: S608 - parts of ours
        f"FROM ({rows}) AS unresolved "
        f"LEFT ANY JOIN ({overrides_subquery(project_id)}) AS overrides "
        "ON unresolved.person_id = overrides.old_person_id"
    )
