"""Builds every object from the settings, by hand and in one place."""

from collections.abc import Callable
from dataclasses import dataclass

from litestar import Litestar

from hedgerow.api.application import create_application
from hedgerow.api.local_key import ensure_local_key
from hedgerow.api.services import Services
from hedgerow.core import limits
from hedgerow.core.clock import SystemClock
from hedgerow.core.errors import LogFailedError, UserError
from hedgerow.directory.engine import Directory, open_directory
from hedgerow.directory.keys_snapshot import publish_keys_snapshot
from hedgerow.directory.projects import list_projects
from hedgerow.directory.provision import provision
from hedgerow.edge.admission import InFlightBudget
from hedgerow.edge.application import EdgeApplication
from hedgerow.edge.counters import EdgeCounters
from hedgerow.edge.handler import CaptureHandler
from hedgerow.edge.project_keys import ProjectKeys
from hedgerow.edge.proxy import CoreProxy
from hedgerow.ingest.loop import IngestLoop
from hedgerow.ingest.maintenance import Maintenance
from hedgerow.log.reader import SegmentLogReader
from hedgerow.log.writer import SegmentLogWriter
from hedgerow.query.runner import QueryLimits, QueryRunner
from hedgerow.settings import Settings
from hedgerow.store.client import connect
from hedgerow.store.event_store import ChdbEventStore
from hedgerow.welcome import Welcome
from hedgerow.wire.capture import CaptureRules


@dataclass(frozen=True, slots=True)
class Edge:
    application: EdgeApplication
    writer: SegmentLogWriter
    proxy: CoreProxy

    async def close(self) -> None:
        await self.writer.close()
        await self.proxy.close()


def dropped_ids(text: str) -> dict[str, frozenset[str]]:
    """Parse `token:id1,id2;token2:*` (capture-protocol §8.2). Raises `UserError`."""
    dropped: dict[str, frozenset[str]] = {}
    for part in filter(None, (part.strip() for part in text.split(";"))):
        token, colon, ids = part.partition(":")
        if not colon or not token or not ids:
            raise UserError(f"HEDGEROW_DROP_EVENTS: {part!r} is not of the form token:id1,id2")
        dropped[token] = frozenset(ids.split(","))
    return dropped


def capture_rules(settings: Settings) -> CaptureRules:
    if settings.unknown_keys == "accept":
        accepts_key: Callable[[str], bool] = _accept_every_key
    else:
        accepts_key = ProjectKeys(settings.keys_snapshot).accepts
    return CaptureRules(
        profile=settings.capture_profile,
        accepts_key=accepts_key,
        dropped_ids=dropped_ids(settings.drop_events),
        historical_rerouting_days=settings.historical_rerouting_days,
    )


def _accept_every_key(_token: str) -> bool:
    return True


def build_edge(settings: Settings, *, on_log_failed: Callable[[LogFailedError], None]) -> Edge:
    """The edge's objects; opening the log recovers it first (blocking)."""
    rules = capture_rules(settings)
    writer = SegmentLogWriter.open(
        settings.log_folder,
        segment_bytes=settings.segment_bytes,
        reserve_bytes=settings.disk_reserve_bytes,
    )
    budget = InFlightBudget(limits.IN_FLIGHT_BYTES_MAX)
    counters = EdgeCounters(budget)
    handler = CaptureHandler(
        rules=rules,
        log=writer,
        clock=SystemClock(),
        budget=budget,
        counters=counters,
        trust_forwarded_for=settings.trust_forwarded_for,
        on_log_failed=on_log_failed,
    )
    proxy = CoreProxy(settings.core_socket)
    return Edge(EdgeApplication(handler, proxy, counters), writer, proxy)


@dataclass(frozen=True, slots=True)
class Core:
    """`application` is the API; `ingest` runs in a thread of its own."""

    application: Litestar
    ingest: IngestLoop
    welcome: Welcome
    directory: Directory
    store: ChdbEventStore

    def close(self) -> None:
        self.store.close()
        self.directory.close()


def build_core(settings: Settings, *, sign_in_token: str) -> Core:
    """The core's objects, with both databases migrated and the keys published (blocking)."""
    clock = SystemClock()
    directory = open_directory(settings.directory_path)
    provisioned = provision(
        directory,
        project_api_key=settings.project_api_key,
        personal_api_key=settings.personal_api_key,
        now_us=clock.now_us(),
    )

    def publish_keys() -> None:
        tokens = [project.api_token for project in list_projects(directory)]
        publish_keys_snapshot(settings.keys_snapshot, tokens)

    publish_keys()
    store = ChdbEventStore(settings.store_folder)
    ingest = IngestLoop(
        reader=SegmentLogReader(settings.log_folder),
        directory=directory,
        store=store,
        maintenance=Maintenance(
            log_folder=settings.log_folder,
            directory=directory,
            clock=clock,
            retention_days=settings.log_retention_days,
            retention_bytes=settings.log_retention_bytes,
        ),
    )
    services = Services(
        directory=directory,
        query_runner=QueryRunner(
            lambda: connect(settings.store_folder),
            QueryLimits(
                settings.query_seconds_max, settings.query_bytes_max, settings.query_rows_max
            ),
        ),
        log_reader=SegmentLogReader(settings.log_folder),
        ingest_status=ingest.status,
        on_projects_changed=publish_keys,
        settings=settings,
        clock=clock,
        local_key=ensure_local_key(settings.data),
        sign_in_token=sign_in_token,
    )
    welcome = Welcome(
        project_key=provisioned.project.api_token,
        personal_key=provisioned.personal_key_secret,
        created=provisioned.created,
    )
    return Core(create_application(services), ingest, welcome, directory, store)
