"""The public paths beside capture, each to its handler."""

from dataclasses import dataclass

from hedgerow.edge.config_handler import ConfigHandler
from hedgerow.edge.flags_handler import FlagsHandler
from hedgerow.edge.request import RequestBody, RequestHead, Response
from hedgerow.edge.telemetry_handler import TelemetryHandler
from hedgerow.wire.public_routes import PublicPath, PublicRoute
from hedgerow.wire.telemetry import TELEMETRY_ROUTES


@dataclass(frozen=True, slots=True)
class PublicHandlers:
    flags: FlagsHandler
    config: ConfigHandler
    telemetry: TelemetryHandler

    async def handle(self, head: RequestHead, body: RequestBody, path: PublicPath) -> Response:
        route = path.route
        if route in (PublicRoute.FLAGS, PublicRoute.DECIDE):
            return await self.flags.handle(head, body, decide=route is PublicRoute.DECIDE)
        if route in TELEMETRY_ROUTES:
            return await self.telemetry.handle(head, body, route)
        return self.config.handle(head, path)
