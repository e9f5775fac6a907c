"""Sends the demo shop's events through the capture path, as an SDK that imports history would.

A few of its sessions were recorded too; they are kept where session replay is on.
"""

from datetime import UTC, datetime
from typing import Any, Final

import httpx

from hedgerow.core.errors import UserError
from hedgerow.demo.recordings import shop_recordings
from hedgerow.demo.shop import shop_events
from hedgerow.demo.survey import survey_id

EVENTS_A_REQUEST: Final = 500
_SECONDS_MAX: Final = 30


def load_demo(capture_url: str, project_key: str, now_us: int) -> int:
    """How many events were acknowledged; those sent before change nothing (blocking).

    Raises `UserError` when the server refuses them or is not there.
    """
    now = datetime.fromtimestamp(now_us / 1_000_000, UTC)
    events = shop_events(now, survey_id(project_key))
    with httpx.Client(base_url=capture_url, timeout=_SECONDS_MAX, trust_env=False) as client:
        for start in range(0, len(events), EVENTS_A_REQUEST):
            _send(client, project_key, events[start : start + EVENTS_A_REQUEST])
        for recording in shop_recordings(events):
            _send_recording(client, project_key, recording)
    return len(events)


def _send(client: httpx.Client, project_key: str, events: list[dict[str, Any]]) -> None:
    body = {"api_key": project_key, "historical_migration": True, "batch": events}
    _post(client, "/batch/", body)


def _send_recording(client: httpx.Client, project_key: str, recording: dict[str, Any]) -> None:
    properties = {**recording["properties"], "token": project_key}
    _post(client, "/s/", [{**recording, "properties": properties}])


def _post(client: httpx.Client, path: str, body: Any) -> None:
    try:
        answer = client.post(path, json=body)
    except httpx.TransportError as error:
        raise UserError(f"The demo data could not be sent to {client.base_url}: {error}") from None
    if answer.status_code != httpx.codes.OK:
        raise UserError(f"The demo data was refused: {answer.status_code} {answer.text[:200]}")
