"""What the routes work with: built once, passed in."""

from collections.abc import Callable
from dataclasses import dataclass

from hedgerow.api.disk_use import DiskUse
from hedgerow.core.clock import Clock
from hedgerow.directory.engine import Directory
from hedgerow.directory.publishing import ProjectPublisher
from hedgerow.ingest.loop import IngestStatus
from hedgerow.log.contract import LogReader
from hedgerow.query.runner import QueryRunner
from hedgerow.settings import Settings
from hedgerow.store.session_recordings import SessionRecordingStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """`local_key` lets the command line on this machine read; `sign_in_token` opens the page."""

    directory: Directory
    query_runner: QueryRunner
    recordings: SessionRecordingStore
    log_reader: LogReader
    ingest_status: Callable[[], IngestStatus]
    publisher: ProjectPublisher
    settings: Settings
    clock: Clock
    disk_use: DiskUse
    local_key: str
    sign_in_token: str
