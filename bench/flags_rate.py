"""Claim: flags that the request decides are answered by the edge at thousands of requests a second.

    python bench/flags_rate.py [--seconds N] [--data FOLDER]

Prints one table: a project of ten flags, all decided by the request; and the same with one more
that needs a stored property, so that every request asks the core.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# So that the other files of this folder are found as the package they are.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import msgspec
import uvloop
from bench.capture_rate import WARM_UP_SECONDS
from bench.hedgerow_server import PROJECT_API_KEY, Hedgerow, running_hedgerow
from bench.load_generator import Address, for_seconds, send_closed_loop
from bench.process_usage import read_cpu_seconds
from bench.report import AtLeast, Row, machine_facts, table
from bench.server_process import running_server

CONSTANT_SERVER = Path(__file__).with_name("constant_server.py")
DISTINCT_IDS = 10_000
FLAGS = 10
VARIANTS = {
    "variants": [
        {"key": "control", "rollout_percentage": 50},
        {"key": "test", "rollout_percentage": 50},
    ]
}


@dataclass(frozen=True, slots=True)
class FlagsRate:
    """`edge_cpu_us` is the edge's processor time per request; 0 where it is not known."""

    requests_per_second: float
    p50_ms: float
    p99_ms: float
    edge_cpu_us: float


def _flag(number: int) -> dict[str, Any]:
    """Every other one is multivariate and on a property that the request carries."""
    pro = {"key": "plan", "type": "person", "operator": "exact", "value": ["pro", "team"]}
    if number % 2:
        groups = [{"properties": [pro], "rollout_percentage": 100}]
        return {"key": f"flag-{number}", "filters": {"groups": groups, "multivariate": VARIANTS}}
    groups = [{"properties": [], "rollout_percentage": 50}]
    return {"key": f"flag-{number}", "filters": {"groups": groups}}


def _requests() -> Iterator[bytes]:
    """`/flags/` as a browser SDK asks, each from another person."""
    requests = []
    for number in range(DISTINCT_IDS):
        body = msgspec.json.encode(
            {
                "token": PROJECT_API_KEY,
                "distinct_id": f"person-{number:06d}",
                "groups": {},
                "person_properties": {"plan": "pro", "$initial_host": "shop.example"},
                "$device_id": f"device-{number:06d}",
            }
        )
        head = (
            "POST /flags/?v=2 HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        requests.append(head.encode() + body)
    while True:
        yield from requests


async def _measure(address: Address, seconds: float, edge_process_id: int | None) -> FlagsRate:
    requests = _requests()
    await send_closed_loop(address, for_seconds(requests, WARM_UP_SECONDS))
    before = read_cpu_seconds(edge_process_id) if edge_process_id else 0.0
    result = await send_closed_loop(address, for_seconds(requests, seconds))
    after = read_cpu_seconds(edge_process_id) if edge_process_id else 0.0
    return FlagsRate(
        result.requests_per_second,
        result.latency_ms(50),
        result.latency_ms(99),
        (after - before) / len(result.acknowledged_at) * 1_000_000,
    )


async def _make(server: Hedgerow, flag: dict[str, Any]) -> None:
    async with server.client() as client:
        response = await client.post("/api/projects/@current/feature_flags/", json=flag)
        response.raise_for_status()


async def _measure_all(folder: Path, seconds: float) -> dict[str, FlagsRate]:
    measured = {}
    with running_server((str(CONSTANT_SERVER),), {}, folder / "constant.output") as constant:
        measured["constant"] = await _measure(constant.address, seconds, None)
    with running_hedgerow(folder / "flags") as server:
        edge = server.process_ids()["edge"]
        for number in range(FLAGS):
            await _make(server, _flag(number))
        measured["snapshot"] = await _measure(server.address, seconds, edge)
        vip = {"key": "vip", "type": "person", "operator": "exact", "value": "yes"}
        groups = [{"properties": [vip], "rollout_percentage": 100}]
        await _make(server, {"key": "stored", "filters": {"groups": groups}})
        measured["stored"] = await _measure(server.address, seconds, edge)
    return measured


def _rows(measured: dict[str, FlagsRate]) -> list[Row]:
    constant, rows = measured["constant"], []
    for name, key, floor in (
        (f"{FLAGS} flags, from the snapshot", "snapshot", AtLeast(3_000)),
        (f"{FLAGS} flags, and one that asks the core", "stored", None),
    ):
        rate = measured[key]
        rows += [
            Row(name, rate.requests_per_second, "requests/s", floor, constant.requests_per_second),
            Row(f"p50, {name}", rate.p50_ms, "ms", None, constant.p50_ms),
            Row(f"p99, {name}", rate.p99_ms, "ms", None, constant.p99_ms),
            Row(f"processor time of the edge, {name}", rate.edge_cpu_us, "µs"),
        ]
    return rows


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=5.0, help="length of each run")
    parser.add_argument("--data", type=Path, help="folder to work in (default: the system's)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="hedgerow-bench-", dir=options.data) as name:
        folder = Path(name)
        rows = _rows(uvloop.run(_measure_all(folder, options.seconds)))
        print(f"{machine_facts(folder)}\n\n{table(rows)}")
    return 1 if any(row.missed for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
