"""What the edge refused is told to the core, in bounds, whatever was sent."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from hedgerow.api.refusals import read_refusals
from hedgerow.core.clock import FixedClock
from hedgerow.core.errors import CaptureRefusal
from hedgerow.edge import refusals
from hedgerow.edge.refusals import Refusals, written_to
from hedgerow.edge.request import RequestHead

UNKNOWN = CaptureRefusal(401, "unknown key", key="phc_wrong")


def head(path: str = "/e/", user_agent: str = "curl") -> RequestHead:
    return RequestHead("POST", path, "", "127.0.0.1", {"user-agent": user_agent}.get)


def recorded(record: Callable[[Refusals], None], path: Path) -> None:
    async def run() -> None:
        found = Refusals(FixedClock(1), written_to(path))
        record(found)
        while not path.exists():
            await asyncio.sleep(0.01)

    asyncio.run(run())


def test_the_core_reads_what_the_edge_refused(tmp_path: Path) -> None:
    path = tmp_path / "refusals.json"
    recorded(lambda found: found.record(head(), UNKNOWN), path)
    [refusal] = read_refusals(path)

    assert (refusal.status, refusal.key, refusal.path, refusal.count) == (
        401,
        "phc_wrong",
        "/e/",
        1,
    )


def test_the_same_again_is_one_line_with_a_count(tmp_path: Path) -> None:
    path = tmp_path / "refusals.json"

    def thrice(found: Refusals) -> None:
        for _ in range(3):
            found.record(head(), UNKNOWN)

    recorded(thrice, path)

    assert [(item.count, item.number) for item in read_refusals(path)] == [(3, 3)]


def test_a_flood_of_different_ones_stays_within_bounds(tmp_path: Path) -> None:
    path = tmp_path / "refusals.json"

    def flood(found: Refusals) -> None:
        for number in range(1000):
            key = f"{number} " + "\ud800k" * 10_000
            found.record(head("/e/" + "x" * 9000, "y" * 9000), CaptureRefusal(401, "no", key=key))

    recorded(flood, path)
    found = read_refusals(path)

    assert len(found) == refusals.KINDS_MAX
    assert found[-1].key.startswith("999 ")
    assert path.stat().st_size < 100_000


def test_a_file_that_is_missing_or_broken_is_no_refusal(tmp_path: Path) -> None:
    path = tmp_path / "refusals.json"
    assert read_refusals(path) == []
    path.write_bytes(b'[{"number":')
    assert read_refusals(path) == []
