"""Session replay, on for a moment: to load recordings into a project that records nobody."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from hedgerow.api.services import Services
from hedgerow.directory.projects import Project, change_project

_SETTING: Final = "session_recording_opt_in"
_WAIT_SECONDS_MAX: Final = 30.0
_POLL_SECONDS: Final = 0.05


@contextmanager
def replay_switched_on(services: Services, project: Project) -> Iterator[None]:
    """What arrives within is kept (blocking). Browsers never learn of it and record nobody."""
    if project.settings.session_recording_opt_in:
        yield
        return
    change_project(services.directory, project.id, settings={_SETTING: True})
    try:
        yield
        _wait_until_ingested(services)
    finally:
        change_project(services.directory, project.id, settings={_SETTING: False})
        # Somebody may have published the projects meanwhile.
        services.publisher.publish()


def _wait_until_ingested(services: Services) -> None:
    end = services.log_reader.end()
    waited_seconds = 0.0
    while services.ingest_status().position < end and waited_seconds < _WAIT_SECONDS_MAX:
        time.sleep(_POLL_SECONDS)
        waited_seconds += _POLL_SECONDS
