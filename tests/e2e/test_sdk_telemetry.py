"""Logs, metrics and traces of released SDKs: answered so that none is sent again, and counted."""

from collections.abc import Callable
from typing import Any

import pytest
from posthog import Posthog

from hedgerow.testing.faulty_proxy import FaultyProxy
from hedgerow.testing.server import HedgerowServer


def is_telemetry(path: str) -> bool:
    return path.startswith(("/i/v1/logs", "/i/v1/metrics", "/i/v1/traces"))


def not_kept(server: HedgerowServer) -> dict[str, int]:
    server.wait_until_ingested()
    dropped = server.status()["outcomes"]["dropped"]
    return {name: dropped.get(f"{name}_not_kept", 0) for name in ("logs", "metrics", "traces")}


def send_node(url: str, key: str, run_script: Callable[..., dict[str, Any]]) -> None:
    assert run_script("node_telemetry.mjs", HOST=url, TOKEN=key) == {"errors": []}


def send_python(url: str, key: str, _run_script: Callable[..., dict[str, Any]]) -> None:
    shop = {"service_name": "shop"}
    client = Posthog(key, host=url, metrics=shop, traces=shop)
    for _ in range(2):
        client.metrics.count("orders", 1)
    client.metrics.gauge("queue", 3)
    client.start_span("checkout").end()
    client.shutdown()


@pytest.mark.parametrize(
    ("send", "records", "requests"),
    [
        (send_node, {"logs": 2, "metrics": 2, "traces": 1}, 3),
        (send_python, {"logs": 0, "metrics": 2, "traces": 1}, 2),
    ],
)
def test_each_record_is_sent_once_and_counted_as_dropped(
    sdk_server: HedgerowServer,
    run_script: Callable[..., dict[str, Any]],
    send: Callable[..., None],
    records: dict[str, int],
    requests: int,
) -> None:
    before = not_kept(sdk_server)
    with FaultyProxy(sdk_server.url, [], is_telemetry) as proxy:
        send(proxy.url, sdk_server.project_key, run_script)
    after = not_kept(sdk_server)

    assert {name: after[name] - before[name] for name in after} == records
    assert proxy.requests == requests
