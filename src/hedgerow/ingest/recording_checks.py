"""What is worth a warning about a part of a recording, which is kept (ingestion §18)."""

import re
from typing import Any, Final

from hedgerow.ingest.context import StepContext
from hedgerow.ingest.event import IngestEvent
from hedgerow.ingest.recording_items import ItemCounts
from hedgerow.ingest.warnings import event_warning
from hedgerow.wire.replay import ReplayProperties

_WEEK_MS: Final = 7 * 86_400_000
# Before it the browser SDK recorded what a player cannot show rightly.
_OLDEST_WEB_VERSION: Final = (1, 75)
_VERSION: Final = re.compile(r"(\d{1,6})\.(\d{1,6})", re.ASCII)


def warn_of_recording(
    event: IngestEvent, properties: ReplayProperties, counts: ItemCounts, context: StepContext
) -> None:
    """`counts` are of the items that one event of the client brought."""
    about = {"sessionId": properties.session_id}

    def warn(type_: str, **details: Any) -> None:
        context.warnings.append(event_warning(event, type_, **about, **details))

    if not counts.first_ms:
        warn("message_contained_no_valid_rrweb_events")
    elif counts.without_time:
        warn("replay_timestamp_invalid", items=counts.without_time)
    if counts.first_ms:
        now_ms = event.request.now_us // 1000
        farthest_ms = max(abs(counts.first_ms - now_ms), abs(counts.last_ms - now_ms))
        if farthest_ms > _WEEK_MS:
            warn("replay_timestamp_too_far", daysFromNow=round(farthest_ms / 86_400_000))
    if _is_too_old(properties):
        warn("replay_lib_version_too_old", libVersion=properties.library_version)


def _is_too_old(properties: ReplayProperties) -> bool:
    version = _VERSION.match(properties.library_version)
    if properties.library != "web" or version is None:
        return False
    return (int(version[1]), int(version[2])) < _OLDEST_WEB_VERSION
