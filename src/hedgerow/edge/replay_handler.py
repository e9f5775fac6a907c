"""The handler of session replay: the one of capture with another decoder and a larger body."""

from dataclasses import replace

from hedgerow.core import limits
from hedgerow.edge.handler import CaptureHandler
from hedgerow.wire.quotas import IsLimited
from hedgerow.wire.replay import capture_replay


def replay_handler(capture: CaptureHandler, is_limited: IsLimited) -> CaptureHandler:
    """`is_limited` says whose recordings are over their quota."""
    return replace(
        capture,
        rules=replace(capture.rules, is_limited=is_limited),
        decode=capture_replay,
        body_bytes_max=limits.REPLAY_BODY_BYTES_MAX,
    )
