"""Builds the edge's objects from the settings, by hand and in one place.

Apart from the core's, so that the edge process loads nothing of the databases.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from hedgerow.core import limits
from hedgerow.core.clock import SystemClock
from hedgerow.core.errors import LogFailedError, UserError
from hedgerow.edge.admission import InFlightBudget
from hedgerow.edge.application import EdgeApplication
from hedgerow.edge.config_handler import ConfigHandler
from hedgerow.edge.control_socket import ControlSocket
from hedgerow.edge.counters import EdgeCounters
from hedgerow.edge.flags_handler import FlagsHandler
from hedgerow.edge.handler import CaptureHandler
from hedgerow.edge.handlers import EdgeHandlers
from hedgerow.edge.limited_projects import LimitedProjects
from hedgerow.edge.project_keys import ProjectKeys
from hedgerow.edge.proxy import CoreProxy
from hedgerow.edge.public_handlers import PublicHandlers
from hedgerow.edge.published_projects import PublishedProjects
from hedgerow.edge.refusals import Refusals, written_to
from hedgerow.edge.replay_handler import replay_handler
from hedgerow.edge.sdk_assets import SdkAssets
from hedgerow.edge.stored_flags import StoredFlags
from hedgerow.edge.telemetry_handler import TelemetryHandler
from hedgerow.log.writer import SegmentLogWriter
from hedgerow.settings import Settings
from hedgerow.wire.capture import CaptureRules
from hedgerow.wire.sdk_routes import checked_alias

# Filled when the package is built (`web/build.py`).
SDK_FOLDER = Path(__file__).parent / "web" / "sdk"


@dataclass(frozen=True, slots=True)
class Edge:
    application: EdgeApplication
    writer: SegmentLogWriter
    proxy: CoreProxy
    stored_flags: StoredFlags
    control: ControlSocket

    async def close(self) -> None:
        await self.writer.close()
        await self.stored_flags.close()
        self.proxy.close()


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
    clock = SystemClock()
    budget = InFlightBudget(limits.IN_FLIGHT_BYTES_MAX)
    counters = EdgeCounters(budget)
    handler = CaptureHandler(
        rules=rules,
        log=writer,
        clock=clock,
        budget=budget,
        counters=counters,
        refusals=Refusals(clock, written_to(settings.refusals_file)),
        trust_forwarded_for=settings.trust_forwarded_for,
        on_log_failed=on_log_failed,
    )
    projects = PublishedProjects(settings.projects_snapshot)
    stored_flags = StoredFlags(settings.core_socket, clock)
    public = PublicHandlers(
        flags=FlagsHandler(
            projects=projects,
            stored=stored_flags,
            clock=clock,
            budget=budget,
            counters=counters,
            bodies=handler.bodies,
            decoding=handler.decoding,
        ),
        config=ConfigHandler(projects, clock),
        telemetry=TelemetryHandler(handler),
    )
    proxy = CoreProxy(settings.core_socket)
    control = ControlSocket(writer, settings.control_socket, on_log_failed)
    handlers = EdgeHandlers(
        capture=handler,
        replay=replay_handler(handler, LimitedProjects(settings.limited_projects).is_limited),
        public=public,
        assets=SdkAssets(SDK_FOLDER),
    )
    application = EdgeApplication(handlers, proxy, counters, checked_alias(settings.path_alias))
    return Edge(application, writer, proxy, stored_flags, control)
