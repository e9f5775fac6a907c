"""The API as it is served, on a real directory and engine, with a project and its events."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from litestar import Litestar
from litestar.testing import TestClient
from sqlalchemy import insert

from hedgerow.api.application import create_application
from hedgerow.api.disk_use import DiskUse
from hedgerow.api.live_feed import LiveFeed
from hedgerow.api.passwords import Passwords
from hedgerow.api.services import Services
from hedgerow.api.static_files import StaticFile
from hedgerow.core import json
from hedgerow.core.clock import FixedClock
from hedgerow.core.errors import LogUnavailableError
from hedgerow.core.ids import person_uuid
from hedgerow.directory.batch import BatchEffects, DistinctId, Person
from hedgerow.directory.engine import Directory, open_directory
from hedgerow.directory.ingest_state import commit_batch
from hedgerow.directory.keys import create_personal_key
from hedgerow.directory.publishing import ProjectPublisher
from hedgerow.directory.schema import projects
from hedgerow.directory.sessions import offer_sign_in
from hedgerow.ingest.loop import IngestStatus
from hedgerow.log.reader import SegmentLogReader
from hedgerow.query.promotions import Promotions
from hedgerow.query.runner import QueryRunner
from hedgerow.settings import Settings
from hedgerow.store.client import connect
from hedgerow.store.event_store import ChdbEventStore
from hedgerow.store.rows import EventRow, hot_values
from hedgerow.store.session_recordings import SessionRecordingStore
from hedgerow.store.static_cohorts import StaticCohortLists
from hedgerow.wire.control import ControlRecord

NOW_US = 1_780_000_000_000_000
PERSONAL_KEY = "phx_reads_everything"
LOCAL_KEY = "phl_local"
SIGN_IN_TOKEN = "printed-at-start"

# As strong as a test needs.
QUICK_HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)

# The web app as the build leaves it, in small.
WEB_FILES = {
    "index.html": StaticFile("text/html", {None: b"<!doctype html>", "br": b"BR"}),
    "assets/main-1a2b.js": StaticFile(
        "text/javascript", {None: b"plain", "br": b"BR", "gzip": b"GZ"}
    ),
    "icon.svg": StaticFile("image/svg+xml", {None: b"<svg/>"}),
    "replay-frame.html": StaticFile("text/html", {None: b"<!doctype html>"}),
}

# Far from the ids that a fresh directory gives, since all tests share one engine.
_project_ids = itertools.count(700_001)


@dataclass
class Api:
    """One instance. `client` sends the personal key; `ingest` is what the loop says of itself."""

    client: TestClient[Litestar]
    services: Services
    directory: Directory
    event_store: ChdbEventStore
    project_id: int
    project_key: str
    ingest: IngestStatus = field(default_factory=lambda: IngestStatus(0, True, None))
    personal_key: str = PERSONAL_KEY
    local_key: str = LOCAL_KEY
    sign_in_token: str = SIGN_IN_TOKEN
    _events: int = 0

    def path(self, rest: str = "") -> str:
        return f"/api/projects/{self.project_id}/{rest}"

    def commit(self, effects: BatchEffects) -> None:
        commit_batch(self.directory, effects)

    def add_person(self, distinct_id: str, properties: dict[str, object] | None = None) -> Person:
        person = Person(
            project_id=self.project_id,
            id=person_uuid(self.project_id, distinct_id).bytes,
            properties=properties or {},
            created_at_us=NOW_US + self._events,
        )
        distinct_ids = [DistinctId(self.project_id, distinct_id, person.id)]
        self.commit(BatchEffects(0, NOW_US, persons=[person], distinct_ids=distinct_ids))
        self._events += 1
        return person

    def add_event(
        self, event: str = "hello", distinct_id: str = "ada", **properties: object
    ) -> EventRow:
        """Each is one second newer than the one before."""
        self._events += 1
        row = EventRow(
            uuid=f"018f0000-0000-7000-8000-{self.project_id:06x}{self._events:06x}",
            project_id=self.project_id,
            event=event,
            distinct_id=distinct_id,
            person_id=person_uuid(self.project_id, distinct_id).bytes,
            timestamp_us=NOW_US + self._events * 1_000_000,
            received_at_us=NOW_US,
            properties=json.encode(properties),
            person_properties=json.encode({"email": f"{distinct_id}@example.org"}),
            person_created_at_us=NOW_US,
            person_mode="full",
            elements_chain="",
            historical_migration=False,
            log_position=self._events,
            log_index=0,
            hot=hot_values({}),
        )
        self.event_store.insert_events([row])
        return row


class NoControlLog:
    """No edge process runs in these tests."""

    def append(self, record: ControlRecord) -> int:
        raise LogUnavailableError("no edge is running")


def _first_project(directory: Directory) -> tuple[int, str]:
    project_id = next(_project_ids)
    key = f"phc_of_project_{project_id}"
    with directory.write() as connection:
        connection.execute(
            insert(projects).values(
                id=project_id, name="First", api_token=key, created_at_us=NOW_US
            )
        )
    create_personal_key(
        directory, label="test", project_id=project_id, key=PERSONAL_KEY, now_us=NOW_US
    )
    return project_id, key


@pytest.fixture
def api(
    tmp_path: Path,
    event_store: ChdbEventStore,
    query_runner: QueryRunner,
    promotions: Promotions,
    recording_store: SessionRecordingStore,
) -> Iterator[Api]:
    settings = Settings(data=tmp_path)
    settings.log_folder.mkdir()
    directory = open_directory(settings.directory_path)
    offer_sign_in(directory, SIGN_IN_TOKEN, NOW_US)
    project_id, project_key = _first_project(directory)
    clock = FixedClock(NOW_US)
    holder: list[Api] = []
    services = Services(
        directory=directory,
        query_runner=query_runner,
        promotions=promotions,
        recordings=recording_store,
        static_cohorts=StaticCohortLists(lambda: connect(event_store._folder)),
        log_reader=SegmentLogReader(settings.log_folder),
        control_log=NoControlLog(),
        ingest_status=lambda: holder[0].ingest,
        publisher=ProjectPublisher(
            directory, settings.keys_snapshot, settings.projects_snapshot, clock
        ),
        settings=settings,
        clock=clock,
        disk_use=DiskUse(settings, clock),
        local_key=LOCAL_KEY,
        passwords=Passwords(clock, QUICK_HASHER),
        live_feed=LiveFeed(clock),
        web_files=dict(WEB_FILES),
    )
    with TestClient(create_application(services), raise_server_exceptions=False) as client:
        client.headers["authorization"] = f"Bearer {PERSONAL_KEY}"
        holder.append(Api(client, services, directory, event_store, project_id, project_key))
        yield holder[0]
    directory.close()
