"""A dashboard of six insights, opened by a hundred people at the same moment.

    python -m bench.dashboard --events 100000

The server is a real one; each person has six connections of their own, as a browser has, and asks
each insight on one of them, as the web app does. First nothing is in the cache, then everything.
Prints how long a question takes and how long until all six tiles of a person are there, and how
often the engine was asked.
"""

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx
from bench.capture_connection import CaptureConnection
from bench.hedgerow_server import PERSONAL_API_KEY, PROJECT_API_KEY, Hedgerow, running_hedgerow
from bench.insight_events import EventWorld
from bench.insight_questions import LARGER_QUESTIONS, trends
from bench.load_generator import Address
from bench.process_usage import read_cpu_seconds

PEOPLE: Final = 100
ROUNDS: Final = 10
_BATCH: Final = 1000
_BY_NAME: Final = {question.name: question.query for question in LARGER_QUESTIONS}
INSIGHTS: Final = (
    trends("total"),
    trends("dau", "$browser"),
    _BY_NAME["funnel of three steps"],
    _BY_NAME["weekly retention"],
    _BY_NAME["paths of one week"],
    _BY_NAME["web overview, and the week before"],
)


@dataclass(slots=True)
class Opening:
    """Seconds that each question took, and each person's dashboard."""

    questions: list[float]
    dashboards: list[float]


def request_of(query: dict[str, Any]) -> bytes:
    body = json.dumps({"query": query, "refresh": "blocking"}).encode()
    head = (
        "POST /api/projects/@current/query/ HTTP/1.1\r\nhost: bench\r\n"
        f"authorization: Bearer {PERSONAL_API_KEY}\r\ncontent-type: application/json\r\n"
        f"content-length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def connect(address: Address, failed: Callable[[Exception], None]) -> list[CaptureConnection]:
    """One person's connections."""
    loop = asyncio.get_running_loop()
    pairs = [
        await loop.create_connection(lambda: CaptureConnection(failed), *address) for _ in INSIGHTS
    ]
    return [protocol for _, protocol in pairs]


async def open_dashboard(person: Sequence[CaptureConnection], opening: Opening) -> None:
    loop = asyncio.get_running_loop()
    asked_at = time.perf_counter()

    async def tile(connection: CaptureConnection, request: bytes) -> None:
        answered: asyncio.Future[None] = loop.create_future()
        connection.send(request, asked_at, lambda _: answered.set_result(None))
        await answered
        opening.questions.append(time.perf_counter() - asked_at)

    requests = [request_of(query) for query in INSIGHTS]
    await asyncio.gather(*map(tile, person, requests))
    opening.dashboards.append(time.perf_counter() - asked_at)


async def all_at_once(
    people: Sequence[Sequence[CaptureConnection]], failure: asyncio.Future[None]
) -> Opening:
    """A refused request ends the run."""
    opening = Opening([], [])
    opened = asyncio.gather(*(open_dashboard(person, opening) for person in people))
    await asyncio.wait((opened, failure), return_when=asyncio.FIRST_COMPLETED)
    if failure.done():
        failure.result()
    return opening


async def load(server: Hedgerow, client: httpx.AsyncClient, events: int) -> None:
    for rows in EventWorld(1, events, 1).batches(_BATCH):
        batch = [
            {
                "uuid": row.uuid,
                "event": row.event,
                "distinct_id": row.distinct_id,
                "timestamp": row.timestamp_us / 1000,
                "properties": json.loads(row.properties),
            }
            for row in rows
        ]
        for item in batch:
            item["timestamp"] = _iso(float(item["timestamp"]))
        body = {"api_key": PROJECT_API_KEY, "batch": batch, "historical_migration": True}
        (await client.post("/batch/", json=body)).raise_for_status()
    await server.wait_until_caught_up(client)


def _iso(unix_ms: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(unix_ms / 1000))


def report(name: str, openings: Sequence[Opening], seconds: dict[str, float]) -> None:
    questions = [seconds for opening in openings for seconds in opening.questions]
    dashboards = [seconds for opening in openings for seconds in opening.dashboards]

    def shown(values: list[float]) -> str:
        p95 = statistics.quantiles(values, n=20, method="inclusive")[-1]
        return f"median {statistics.median(values) * 1000:.0f} ms, p95 {p95 * 1000:.0f} ms"

    print(f"{name}: a question {shown(questions)}; a dashboard {shown(dashboards)}")
    for process, used in seconds.items():
        print(
            f"  processor time of the {process}: {used * 1000 / len(questions):.2f} ms a question"
        )


async def measure(server: Hedgerow, events: int) -> None:
    async with server.client() as client:
        await load(server, client, events)
    failure: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    people = [await connect(server.address, failure.set_exception) for _ in range(PEOPLE)]
    processes = {name: server.process_ids()[name] for name in ("edge", "core")}

    def used() -> dict[str, float]:
        return {name: read_cpu_seconds(id_) for name, id_ in processes.items()}

    for name, rounds in (("nothing in the cache", 1), ("from the cache", ROUNDS)):
        before = used()
        openings = [await all_at_once(people, failure) for _ in range(rounds)]
        report(name, openings, {key: now - before[key] for key, now in used().items()})
    for person in people:
        for connection in person:
            connection.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=100_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, running_hedgerow(Path(name) / "data") as server:
        asyncio.run(measure(server, asked.events))


if __name__ == "__main__":
    main()
