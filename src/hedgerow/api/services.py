"""What the routes work with: built once, passed in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from hedgerow.api.disk_use import DiskUse
from hedgerow.api.live_feed import LiveFeed
from hedgerow.api.passwords import Passwords
from hedgerow.api.static_files import StaticFile
from hedgerow.core.clock import Clock
from hedgerow.directory.engine import Directory
from hedgerow.directory.publishing import ProjectPublisher
from hedgerow.ingest.loop import IngestStatus
from hedgerow.log.contract import LogReader
from hedgerow.log.control_client import ControlLog
from hedgerow.query.promotions import Promotions
from hedgerow.query.query_jobs import QueryJobs
from hedgerow.query.result_cache import ResultCache
from hedgerow.query.runner import QueryRunner
from hedgerow.settings import Settings
from hedgerow.store.session_recordings import SessionRecordingStore
from hedgerow.store.static_cohorts import StaticCohortLists


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """`local_key` lets the command line on this machine read; `web_files` is the built web app."""

    directory: Directory
    query_runner: QueryRunner
    promotions: Promotions
    recordings: SessionRecordingStore
    static_cohorts: StaticCohortLists
    log_reader: LogReader
    control_log: ControlLog
    ingest_status: Callable[[], IngestStatus]
    publisher: ProjectPublisher
    settings: Settings
    clock: Clock
    disk_use: DiskUse
    local_key: str
    passwords: Passwords
    live_feed: LiveFeed
    web_files: Mapping[str, StaticFile]
    result_cache: ResultCache = field(default_factory=ResultCache)
    query_jobs: QueryJobs = field(default_factory=QueryJobs)
