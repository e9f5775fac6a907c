"""The handler of session replay: the one of capture with another decoder and a larger body."""

from dataclasses import replace

from hedgerow.core import limits
from hedgerow.edge.handler import CaptureHandler
from hedgerow.wire.replay import capture_replay


def replay_handler(capture: CaptureHandler) -> CaptureHandler:
    return replace(capture, decode=capture_replay, body_bytes_max=limits.REPLAY_BODY_BYTES_MAX)
