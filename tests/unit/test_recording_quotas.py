"""A project over its quota of recordings is told to browsers by the edge, and only there."""

from pathlib import Path

from hedgerow.directory.engine import open_directory
from hedgerow.directory.projects import change_project, create_project
from hedgerow.edge.limited_projects import LimitedProjects
from hedgerow.ingest.recording_quotas import MEGABYTE, publish_full_projects
from hedgerow.testing.no_recordings import NoRecordings
from hedgerow.wire.quotas import Resource


class FullStore(NoRecordings):
    """Every project has stored two megabytes."""

    def stored_bytes(self, project_id: int) -> int:
        del project_id
        return 2 * MEGABYTE


def test_the_edge_learns_who_is_over_and_who_no_longer_is(tmp_path: Path) -> None:
    directory = open_directory(tmp_path / "directory.sqlite")
    path = tmp_path / "limited-projects.json"
    settings = {"session_recording_opt_in": True, "session_recording_quota_megabytes": 2}
    over, within, off = (
        create_project(directory, name=name, now_us=0) for name in ("over", "within", "off")
    )
    change_project(directory, over.id, name=None, settings=settings)
    change_project(
        directory,
        within.id,
        name=None,
        settings={**settings, "session_recording_quota_megabytes": 3},
    )
    edge = LimitedProjects(path)

    def limited() -> list[bool]:
        return [
            edge.is_limited(Resource.RECORDINGS, project.api_token)
            for project in (over, within, off)
        ]

    before = limited()
    publish_full_projects(directory, FullStore(), path)
    during = limited()
    events = edge.is_limited(Resource.EVENTS, over.api_token)
    publish_full_projects(directory, NoRecordings(), path)
    after = limited()
    directory.close()

    assert before == [False, False, False]
    assert during == [True, False, False]
    assert after == [False, False, False]
    assert not events


def test_a_damaged_snapshot_limits_nobody(tmp_path: Path) -> None:
    path = tmp_path / "limited-projects.json"
    path.write_bytes(b"no snapshot")

    assert not LimitedProjects(path).is_limited(Resource.RECORDINGS, "phc_a")
