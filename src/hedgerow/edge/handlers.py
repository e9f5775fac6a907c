"""Everything that the edge answers by itself, in one value."""

from dataclasses import dataclass

from hedgerow.edge.handler import CaptureHandler
from hedgerow.edge.public_handlers import PublicHandlers
from hedgerow.edge.sdk_assets import SdkAssets


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgeHandlers:
    """`public` are flags, remote config and the like; `assets` the browser SDK's scripts."""

    capture: CaptureHandler
    replay: CaptureHandler
    public: PublicHandlers
    assets: SdkAssets
