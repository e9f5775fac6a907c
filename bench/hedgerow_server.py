"""Hedgerow as it is measured: started as a user starts it, seen through its public interfaces."""

import asyncio
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from bench.load_generator import Address
from bench.server_process import running_server

PROJECT_API_KEY = "phc_benchmarkbenchmarkbenchmarkbenchmarkben"
PERSONAL_API_KEY = "phx_benchmarkbenchmarkbenchmarkbenchmarkben"
CAUGHT_UP_SECONDS_MAX = 600
CAUGHT_UP_POLL_SECONDS = 0.05
ANSWER_SECONDS_MAX = 60


class NotCaughtUpError(Exception):
    """Ingestion did not reach the end of the log in time."""


@dataclass(frozen=True, slots=True)
class Hedgerow:
    address: Address
    data: Path
    seconds_to_ready: float

    def process_ids(self) -> dict[str, int]:
        """The processes by their part: supervisor, edge, core."""
        process_ids: dict[str, int] = json.loads((self.data / "pids.json").read_text())
        return process_ids

    def client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            base_url=f"http://{self.address.host}:{self.address.port}",
            headers={"authorization": f"Bearer {PERSONAL_API_KEY}"},
            timeout=ANSWER_SECONDS_MAX,
            trust_env=False,
        )

    async def count(self, client: httpx.AsyncClient, sql: str) -> int:
        """The single number that a query of the read API returns, never from a cache."""
        query = {"kind": "HogQLQuery", "query": sql}
        response = await client.post(
            "/api/projects/@current/query/", json={"query": query, "refresh": "force_blocking"}
        )
        response.raise_for_status()
        return int(response.json()["results"][0][0])

    async def wait_until_caught_up(self, client: httpx.AsyncClient) -> None:
        """Until ingestion stands at the end of the log. Raises `NotCaughtUpError`."""
        give_up_at = time.monotonic() + CAUGHT_UP_SECONDS_MAX
        while True:
            status = await self._status(client)
            if status["ingest"]["position"] == status["log"]["end"]:
                return
            if time.monotonic() > give_up_at:
                raise NotCaughtUpError(f"after {CAUGHT_UP_SECONDS_MAX} s: {status}")
            await asyncio.sleep(CAUGHT_UP_POLL_SECONDS)

    async def _status(self, client: httpx.AsyncClient) -> Any:
        response = await client.get("/_status")
        response.raise_for_status()
        return response.json()


@contextmanager
def running_hedgerow(data: Path) -> Iterator[Hedgerow]:
    """`hedgerow serve` on the folder `data`, from ready until the block ends. Blocking."""
    keys = {
        "HEDGEROW_PROJECT_API_KEY": PROJECT_API_KEY,
        "HEDGEROW_PERSONAL_API_KEY": PERSONAL_API_KEY,
    }
    arguments = ("-m", "hedgerow", "serve", "--data", str(data))
    with running_server(arguments, keys, data.with_suffix(".output")) as server:
        yield Hedgerow(server.address, data, server.seconds_to_ready)
