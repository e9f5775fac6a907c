"""Tells the edge which projects' recordings take all they may, so that browsers stop sending."""

from pathlib import Path
from typing import Final

from hedgerow.directory.engine import Directory
from hedgerow.directory.keys_snapshot import publish_keys_snapshot
from hedgerow.directory.projects import list_projects
from hedgerow.store.contract import RecordingStore

MEGABYTE: Final = 1024 * 1024


def publish_full_projects(directory: Directory, recordings: RecordingStore, path: Path) -> None:
    """Replace the snapshot at `path` (blocking). Raises `OSError` or `StoreUnavailableError`."""
    full = [
        project.api_token
        for project in list_projects(directory)
        if project.settings.session_recording_opt_in
        and recordings.stored_bytes(project.id)
        >= project.settings.session_recording_quota_megabytes * MEGABYTE
    ]
    publish_keys_snapshot(path, full)
