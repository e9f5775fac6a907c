"""Log lines of the supervisor, in the same form as the others', without their library.

The supervisor only waits; what it imports stays in memory for as long as the server runs.
"""

import json
import sys
from datetime import UTC, datetime


def write_log_line(event: str, **values: object) -> None:
    """One JSON line on standard error; the supervisor has only errors to tell."""
    line = {
        **values,
        "event": event,
        "process": "supervisor",
        "level": "error",
        "timestamp": datetime.now(UTC).isoformat(),
    }
    print(json.dumps(line), file=sys.stderr, flush=True)  # noqa: T201 - it is the log
