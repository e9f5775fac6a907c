"""The lists of static cohorts: persons put on them and taken off, latest version wins."""

import threading
from collections.abc import Callable, Collection
from typing import Final
from uuid import UUID

from clickhouse_connect.driver.exceptions import ClickHouseError

from hedgerow.core.errors import StoreUnavailableError
from hedgerow.store.client import Client

_COLUMNS: Final = ("project_id", "cohort_id", "person_id", "version", "is_deleted")

_MERGED_INTO: Final = """
SELECT toString(old_person_id) FROM person_overrides FINAL
WHERE project_id = {project_id:Int64} AND is_deleted = 0 AND person_id IN {people:Array(UUID)}
"""


class StaticCohortLists:
    """Blocking, and safe to use from several threads. Raises `StoreUnavailableError`."""

    def __init__(self, connect: Callable[[], Client]) -> None:
        self._client = connect()
        self._lock = threading.Lock()

    def add(self, project_id: int, cohort_id: int, people: Collection[bytes], version: int) -> None:
        """Adding somebody again changes nothing. `version` is the time in microseconds."""
        self._insert(project_id, cohort_id, people, version, is_deleted=False)

    def remove(
        self, project_id: int, cohort_id: int, people: Collection[bytes], version: int
    ) -> None:
        """Also under the ids that the persons had before merges."""
        every = {*people, *self._merged_into(project_id, people)}
        self._insert(project_id, cohort_id, every, version, is_deleted=True)

    def _merged_into(self, project_id: int, people: Collection[bytes]) -> list[bytes]:
        parameters = {
            "project_id": project_id,
            "people": [str(UUID(bytes=person)) for person in people],
        }
        try:
            with self._lock:
                rows = self._client.query(_MERGED_INTO, parameters=parameters).result_rows
        except (ClickHouseError, OSError, RuntimeError) as error:
            raise StoreUnavailableError(f"changing a cohort's list: {error}") from error
        return [UUID(str(old)).bytes for (old,) in rows]

    def _insert(
        self,
        project_id: int,
        cohort_id: int,
        people: Collection[bytes],
        version: int,
        *,
        is_deleted: bool,
    ) -> None:
        rows = [
            [project_id, cohort_id, str(UUID(bytes=person)), version, int(is_deleted)]
            for person in people
        ]
        if not rows:
            return
        try:
            with self._lock:
                self._client.insert("static_cohort_people", rows, column_names=_COLUMNS)
        except (ClickHouseError, OSError, RuntimeError) as error:
            raise StoreUnavailableError(f"changing a cohort's list: {error}") from error

    def close(self) -> None:
        with self._lock:
            self._client.close()
