"""Publishes what the edge needs of each project, as files: the edge opens no database."""

from collections.abc import Mapping
from pathlib import Path
from threading import Lock
from typing import Any, Final

from hedgerow.core.clock import Clock
from hedgerow.directory.durable_files import replace_private_file
from hedgerow.directory.engine import Directory
from hedgerow.directory.feature_flags import list_flags
from hedgerow.directory.groups import list_group_types
from hedgerow.directory.keys_snapshot import publish_keys_snapshot
from hedgerow.directory.projects import Project, list_projects
from hedgerow.directory.remote_config import remote_config
from hedgerow.directory.resource_kinds import CohortBody
from hedgerow.directory.resources import list_resources
from hedgerow.directory.survey_presenter import published_survey
from hedgerow.directory.surveys import list_surveys
from hedgerow.flags.project_flags import ProjectFlags
from hedgerow.flags.running_surveys import PublishedSurvey, survey_flags
from hedgerow.flags.snapshot import PublishedProject, encode_published

_NO_FLAGS: Final = ProjectFlags()


class ProjectPublisher:
    """Writes the snapshots of keys and projects, and keeps the flags for the core's own use.

    Safe to use from several threads.
    """

    def __init__(
        self, directory: Directory, keys_path: Path, projects_path: Path, clock: Clock
    ) -> None:
        self._directory = directory
        self._clock = clock
        self._keys_path = keys_path
        self._projects_path = projects_path
        self._lock = Lock()
        self._written = b""
        self._flags: dict[int, ProjectFlags] = {}

    def publish(self) -> None:
        """Make the edge see the directory as it is now (blocking). Raises `OSError`."""
        with self._lock:
            projects = list_projects(self._directory)
            now_us = self._clock.now_us()
            published = [_published(self._directory, project, now_us) for project in projects]
            self._flags = {
                project.id: ProjectFlags(
                    item.flags, cohorts=item.cohorts, group_types=item.group_types
                )
                for project, item in zip(projects, published, strict=True)
            }
            publish_keys_snapshot(self._keys_path, [project.api_token for project in projects])
            encoded = encode_published(published)
            if encoded != self._written:
                replace_private_file(self._projects_path, encoded)
                self._written = encoded

    def project_flags(self, project_id: int) -> ProjectFlags:
        return self._flags.get(project_id, _NO_FLAGS)


def _published(directory: Directory, project: Project, now_us: int) -> PublishedProject:
    stored, _ = list_flags(directory, project.id)
    surveys = _published_surveys(directory, project.id, {flag.id: flag.key for flag in stored})
    flags = [flag.definition() for flag in reversed(stored)]
    if project.settings.surveys_opt_in:
        flags += survey_flags(surveys, now_us)
    return PublishedProject(
        token=project.api_token,
        flags=flags,
        cohorts=cohort_filters(directory, project.id),
        group_types=group_type_names(directory, project.id),
        config=remote_config(project.api_token, project.settings, has_flags=bool(flags)),
        tells_surveys=project.settings.surveys_opt_in,
        surveys=surveys,
    )


def _published_surveys(
    directory: Directory, project_id: int, flag_keys: Mapping[int, str]
) -> list[PublishedSurvey]:
    """Those that were started and are not archived."""
    found, _ = list_surveys(directory, project_id)
    return [
        published_survey(survey, flag_keys)
        for survey in found
        if survey.body.start_date is not None and not survey.is_archived
    ]


def cohort_filters(directory: Directory, project_id: int) -> dict[str, Any]:
    """Cohort id → its filters, of the cohorts that have any."""
    found, _ = list_resources(directory, project_id, CohortBody)
    return {
        str(cohort.id): cohort.body.filters["properties"]
        for cohort in found
        if not cohort.body.is_static and "properties" in cohort.body.filters
    }


def group_type_names(directory: Directory, project_id: int) -> dict[int, str]:
    """Index → group type."""
    return {item.type_index: item.group_type for item in list_group_types(directory, project_id)}
