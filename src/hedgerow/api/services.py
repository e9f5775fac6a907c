"""What the routes work with: built once, passed in."""

from collections.abc import Callable
from dataclasses import dataclass, field

from hedgerow.api.disk_use import DiskUse
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
from hedgerow.store.static_cohorts import StaticCohortLists


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """`local_key` lets the command line on this machine read; `sign_in_token` opens the page."""

    directory: Directory
    query_runner: QueryRunner
    promotions: Promotions
    static_cohorts: StaticCohortLists
    log_reader: LogReader
    control_log: ControlLog
    ingest_status: Callable[[], IngestStatus]
    publisher: ProjectPublisher
    settings: Settings
    clock: Clock
    disk_use: DiskUse
    local_key: str
    sign_in_token: str
    result_cache: ResultCache = field(default_factory=ResultCache)
    query_jobs: QueryJobs = field(default_factory=QueryJobs)
