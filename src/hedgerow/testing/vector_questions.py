"""The kinds of insight vectors that are no queries of the API (the file's `conventions`)."""

from collections.abc import Mapping
from typing import Any, Final

from hedgerow.query.channel_type import Entry, channel_type
from hedgerow.query.survey_results import RunSql

# The names in a vector's answer, and the columns of sessions.
_SESSION_COLUMNS: Final = {
    "session_id": "session_id",
    "distinct_id": "distinct_id",
    "start": "`$start_timestamp`",
    "end": "`$end_timestamp`",
    "duration_s": "`$session_duration`",
    "is_bounce": "`$is_bounce`",
    "pageviews": "`$pageview_count`",
    "screens": "`$screen_count`",
    "autocaptures": "`$autocapture_count`",
    "entry_url": "`$entry_current_url`",
    "end_url": "`$end_current_url`",
    "entry_pathname": "`$entry_pathname`",
    "end_pathname": "`$end_pathname`",
    "exit_pathname": "`$exit_pathname`",
    "entry_hostname": "`$entry_hostname`",
    "end_hostname": "`$end_hostname`",
    "urls": "`$urls`",
    "channel_type": "`$channel_type`",
    "entry_referring_domain": "`$entry_referring_domain`",
    **{
        f"entry_utm_{name}": f"`$entry_utm_{name}`"
        for name in ("source", "medium", "campaign", "term", "content")
    },
    "last_external_click_url": "`$last_external_click_url`",
}


def sessions_answer(run: RunSql) -> dict[str, Any]:
    """Every session of the project, in the order of their ids."""
    columns = ", ".join(f"{text} AS {name}" for name, text in _SESSION_COLUMNS.items())
    rows = run(f"SELECT {columns} FROM sessions ORDER BY session_id")  # noqa: S608 - fixed names
    return {"results": [dict(zip(_SESSION_COLUMNS, row, strict=True)) for row in rows]}


def channel_types_answer(query: Mapping[str, Any]) -> dict[str, Any]:
    """The channel of each of the query's `cases`."""
    return {"results": [channel_type(Entry(**case)) for case in query["cases"]]}
