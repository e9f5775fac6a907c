"""The data folder of a server that is not running: opened here, and only read."""

from collections.abc import Mapping
from typing import Any

from hedgerow.client.result import Result
from hedgerow.core.errors import UserError
from hedgerow.directory.engine import open_directory
from hedgerow.directory.projects import first_project, project_by_id
from hedgerow.folder import lock_folder
from hedgerow.query.property_types import DirectoryTypes
from hedgerow.query.runner import QueryLimits, QueryRunner
from hedgerow.query.sql import QueryOptions, prepare
from hedgerow.settings import Settings
from hedgerow.store.client import check_migrated, connect
from hedgerow.store.promotion import read_promoted


class StoppedFolderSource:
    """Holds the folder's lock: no server can start on it until this is closed."""

    def __init__(self, settings: Settings, project: str) -> None:
        if not settings.store_folder.is_dir() or not settings.directory_path.exists():
            raise UserError(f"There is no Hedgerow data in {settings.data.absolute()}.")
        self._lock = lock_folder(settings.data)
        try:
            self._client = connect(settings.store_folder)
            check_migrated(self._client)
            self._promoted = read_promoted(self._client)
            self._directory = open_directory(settings.directory_path)
            self._project_id = self._found_project(project)
        except BaseException:
            self._lock.release()
            raise
        self._rows_max = settings.query_rows_max
        self._runner = QueryRunner(
            lambda: connect(settings.store_folder),
            QueryLimits(
                settings.query_seconds_max, settings.query_bytes_max, settings.query_rows_max
            ),
            concurrency=1,
        )

    def _found_project(self, project: str) -> int:
        if project == "@current":
            with self._directory.read() as connection:
                found = first_project(connection)
        else:
            found = project_by_id(self._directory, int(project)) if project.isdigit() else None
        if found is None:
            raise UserError(f"There is no project {project}.")
        return found.id

    def ask(self, sql: str, values: Mapping[str, Any]) -> Result:
        options = QueryOptions(
            values=values,
            types=DirectoryTypes(self._directory, self._project_id),
            promoted=self._promoted,
            limit_default=self._rows_max,
        )
        prepared = prepare(
            sql, project_id=self._project_id, rows_max=self._rows_max, options=options
        )
        result = self._runner.run_arrow(prepared)
        return Result(result.table, result.has_more)

    def close(self) -> None:
        self._runner.close()
        self._client.close()
        self._directory.close()
        self._lock.release()
