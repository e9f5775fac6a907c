"""posthog-node, unchanged but for its host, in both capture modes."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from hedgerow.testing.server import HedgerowServer


@pytest.mark.parametrize("mode", ["v0", "v1"])
def test_every_call_of_the_sdk_is_stored_as_it_was_meant(
    mode: str,
    sdk_server: HedgerowServer,
    run_script: Callable[..., dict[str, Any]],
    stored_of: Callable[[str], Any],
    check_server_run: Callable[[Any, dict[str, Any]], None],
) -> None:
    run = f"node-{mode}-{uuid.uuid4().hex[:8]}"
    environment = {
        "HOST": sdk_server.url,
        "TOKEN": sdk_server.project_key,
        "SECRET": sdk_server.personal_key,
        "RUN": run,
    }
    if mode == "v1":
        environment["POSTHOG_CAPTURE_MODE"] = "v1"

    printed = run_script("node_calls.mjs", **environment)
    stored = stored_of(run)

    check_server_run(stored, printed)
    assert stored.one("$exception")["properties"]["$exception_list"][0]["type"] == "Error"
    assert len(stored.named("e2e option")) == 1
    assert len(stored.one("$ai_generation")["properties"]["$ai_input"]) == 2_000_000
    assert printed["values"]["e2e-bool"] is True
    assert printed["values"]["e2e-off"] is False
    assert printed["values"]["e2e-missing"] is None
    for key, value in printed["local"].items():
        assert value == printed["values"][key], key
