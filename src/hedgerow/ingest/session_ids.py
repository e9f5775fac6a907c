"""The step that looks at an event's session id (ingestion §10, §12, §18)."""

import re
from typing import Final

from hedgerow.ingest.context import StepContext
from hedgerow.ingest.event import Drop, IngestEvent
from hedgerow.ingest.warnings import event_warning

_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
SESSION_IDS: Final = frozenset(("$session_id", "$window_id"))
_SAMPLE_CHARS: Final = 200


def check_session_id(event: IngestEvent, context: StepContext) -> Drop | None:
    """A uuid is lower-cased; anything else is kept, and warned about."""
    properties = event.properties
    session_id = properties.get("$session_id")
    if session_id is None:
        if "$window_id" in properties and properties["$window_id"] is not None:
            context.warnings.append(
                event_warning(
                    event,
                    "missing_session_id_with_window_id",
                    sessionIdType="null" if "$session_id" in properties else "undefined",
                    lib=properties.get("$lib"),
                    libVersion=properties.get("$lib_version"),
                )
            )
    elif isinstance(session_id, str) and _UUID.fullmatch(session_id):
        properties["$session_id"] = session_id.lower()
    else:
        context.warnings.append(
            event_warning(
                event, "invalid_event_session_id", sessionId=str(session_id)[:_SAMPLE_CHARS]
            )
        )
    return None
