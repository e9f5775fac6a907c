"""Session replay in the web app, recorded by posthog-js and watched in a real browser."""

from collections.abc import Callable
from pathlib import Path

import pytest
import requests

from hedgerow.demo.recordings import RECORDINGS
from hedgerow.testing.server import HedgerowServer

WALK_SECONDS_MAX = 600


@pytest.mark.timeout(WALK_SECONDS_MAX)
def test_a_visit_is_watched_and_a_hostile_recording_runs_no_script(
    walk: Callable[[str], None],
) -> None:
    """`web/e2e/walk-replay.mjs` says what is done."""
    walk("walk-replay.mjs")


def test_the_demo_brings_recordings_once_and_leaves_replay_off(tmp_path: Path) -> None:
    with HedgerowServer(tmp_path / "data") as server:
        for _ in range(2):
            loaded = requests.post(
                f"{server.url}/api/projects/@current/demo/",
                headers={"authorization": f"Bearer {server.personal_key}"},
                timeout=60,
            )
            assert loaded.status_code == 200, loaded.text
        server.wait_until_ingested()

        recordings = server.get("/api/projects/@current/session_recordings/")["results"]
        project = server.get("/api/projects/@current/")
        warnings = server.get("/api/projects/@current/ingestion_warnings/")["results"]

    assert len(recordings) == RECORDINGS
    assert all(entry["person"] and entry["recording_duration"] > 30 for entry in recordings)
    assert project["session_recording_opt_in"] is False
    assert "session_recording_switched_off" not in {warning["type"] for warning in warnings}
