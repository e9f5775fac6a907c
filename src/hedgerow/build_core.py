"""Builds the core's objects from the settings, by hand and in one place."""

from dataclasses import dataclass

import structlog
from litestar import Litestar

from hedgerow.api.application import create_application
from hedgerow.api.disk_use import DiskUse
from hedgerow.api.live_feed import LiveFeed
from hedgerow.api.local_key import ensure_local_key
from hedgerow.api.passwords import Passwords
from hedgerow.api.services import Services
from hedgerow.api.static_files import load_static_files, web_app_folder
from hedgerow.core.clock import SystemClock
from hedgerow.core.errors import HedgerowError
from hedgerow.directory.engine import Directory, open_directory
from hedgerow.directory.provision import provision
from hedgerow.directory.publishing import ProjectPublisher
from hedgerow.directory.sessions import offer_sign_in
from hedgerow.ingest.deferred_lanes import DeferredLanes
from hedgerow.ingest.enrichment import Enricher
from hedgerow.ingest.loop import IngestLoop
from hedgerow.ingest.maintenance import Maintenance
from hedgerow.ingest.recording_quotas import publish_full_projects
from hedgerow.log.control_client import ControlClient
from hedgerow.log.reader import SegmentLogReader
from hedgerow.query.promotions import Promotions
from hedgerow.query.runner import QueryLimits, QueryRunner
from hedgerow.query.survey_limits import end_full_surveys
from hedgerow.settings import Settings
from hedgerow.store.client import connect, open_store
from hedgerow.store.event_store import ChdbEventStore
from hedgerow.store.promotion import ColumnPromotion
from hedgerow.store.session_recordings import SessionRecordingStore
from hedgerow.store.static_cohorts import StaticCohortLists
from hedgerow.welcome import Welcome

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Core:
    """`application` is the API; `ingest` runs in a thread of its own."""

    application: Litestar
    ingest: IngestLoop
    welcome: Welcome
    directory: Directory
    store: ChdbEventStore
    columns: ColumnPromotion
    static_cohorts: StaticCohortLists
    recordings: tuple[SessionRecordingStore, ...]
    promotions: Promotions

    def close(self) -> None:
        self.promotions.save()
        self.columns.close()
        self.static_cohorts.close()
        for recordings in self.recordings:
            recordings.close()
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
    publisher = ProjectPublisher(
        directory, settings.keys_snapshot, settings.projects_snapshot, clock
    )
    publisher.publish()
    columns = ColumnPromotion(lambda: open_store(settings.store_folder))
    columns.resume()
    store = ChdbEventStore(settings.store_folder)
    promotions = Promotions(columns, directory)
    static_cohorts = StaticCohortLists(lambda: connect(settings.store_folder))
    query_runner = QueryRunner(
        lambda: connect(settings.store_folder),
        QueryLimits(settings.query_seconds_max, settings.query_bytes_max, settings.query_rows_max),
    )

    recordings = SessionRecordingStore(connect(settings.store_folder))
    recordings_of_api = SessionRecordingStore(connect(settings.store_folder))

    def refresh() -> None:
        """What events have changed of what the edge is told, and what queries have told; tried
        again when it fails.
        """
        try:
            promotions.save()
            end_full_surveys(directory, query_runner, now_us=clock.now_us())
            publisher.publish()
            publish_full_projects(directory, recordings, settings.limited_projects)
        except (OSError, HedgerowError) as error:
            log.warning("publishing_failed", error=str(error))

    control_log = ControlClient(settings.control_socket)
    live_feed = LiveFeed(clock)
    if sign_in_token:
        offer_sign_in(directory, sign_in_token, clock.now_us())
    ingest = IngestLoop(
        reader=SegmentLogReader(settings.log_folder),
        directory=directory,
        store=store,
        enricher=Enricher(settings.geoip_file),
        deferred=DeferredLanes(directory, clock, control_log),
        on_committed=live_feed.publish,
        recordings=recordings,
        maintenance=Maintenance(
            log_folder=settings.log_folder,
            directory=directory,
            recordings=recordings,
            clock=clock,
            publish=refresh,
            retention_days=settings.log_retention_days,
            retention_bytes=settings.log_retention_bytes,
        ),
    )
    services = Services(
        directory=directory,
        query_runner=query_runner,
        promotions=promotions,
        recordings=recordings_of_api,
        static_cohorts=static_cohorts,
        log_reader=SegmentLogReader(settings.log_folder),
        ingest_status=ingest.status,
        publisher=publisher,
        control_log=control_log,
        settings=settings,
        clock=clock,
        disk_use=DiskUse(settings, clock),
        local_key=ensure_local_key(settings.data),
        passwords=Passwords(clock),
        live_feed=live_feed,
        web_files=load_static_files(web_app_folder()),
    )
    welcome = Welcome(
        project_key=provisioned.project.api_token,
        personal_key=provisioned.personal_key_secret,
        created=provisioned.created,
    )
    return Core(
        create_application(services),
        ingest,
        welcome,
        directory,
        store,
        columns,
        static_cohorts,
        (recordings, recordings_of_api),
        promotions,
    )
