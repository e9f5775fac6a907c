"""What the routes work with: built once, passed in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from hedgerow.api.disk_use import DiskUse
from hedgerow.api.live_feed import LiveFeed
from hedgerow.api.passwords import Passwords
from hedgerow.api.static_files import StaticFile
from hedgerow.core.clock import Clock
from hedgerow.directory.engine import Directory
from hedgerow.directory.publishing import ProjectPublisher
from hedgerow.ingest.loop import IngestStatus
from hedgerow.log.contract import LogReader
from hedgerow.query.runner import QueryRunner
from hedgerow.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """`local_key` lets the command line on this machine read; `web_files` is the built web app."""

    directory: Directory
    query_runner: QueryRunner
    log_reader: LogReader
    ingest_status: Callable[[], IngestStatus]
    publisher: ProjectPublisher
    settings: Settings
    clock: Clock
    disk_use: DiskUse
    local_key: str
    passwords: Passwords
    live_feed: LiveFeed
    web_files: Mapping[str, StaticFile]
