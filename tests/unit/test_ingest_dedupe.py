"""What makes two events one, as the bytes that are remembered of it."""

from typing import Any

import msgspec
import pytest

from hedgerow.core.ids import uuid7
from hedgerow.directory.batch import DedupeKey
from hedgerow.ingest.dedupe import DAY_US, dedupe_key
from hedgerow.wire.record import LoggedEvent

NOW_US = 1_780_000_000_000_000
UUID = "018f0000-0000-7000-8000-000000000001"


def key(project_id: int = 1, **changed: Any) -> DedupeKey:
    values: dict[str, Any] = {
        "uuid": UUID,
        "event": "e",
        "distinct_id": "ada",
        "timestamp_us": NOW_US,
    }
    return dedupe_key(
        project_id, LoggedEvent(**values | changed, lane="main", properties=msgspec.Raw(b"{}"))
    )


def test_a_resent_event_has_the_same_key_whatever_else_it_says() -> None:
    assert key() == key(timestamp_us=NOW_US + 1)


@pytest.mark.parametrize(
    "changed",
    [
        {"project_id": 2},
        {"timestamp_us": NOW_US + DAY_US},
        {"event": "f"},
        {"distinct_id": "bob"},
        {"uuid": UUID[:-1] + "2"},
        {"event": "", "distinct_id": "eada"},
        {"event": "ea", "distinct_id": "da"},
    ],
)
def test_another_event_has_another_key(changed: dict[str, Any]) -> None:
    assert key(**changed) != key()


def test_keys_of_one_moment_lie_together_so_that_they_share_pages() -> None:
    first, second = (key(uuid=uuid7(ms)).key for ms in (1_780_000_000_000, 1_780_000_000_001))
    others = [key(uuid=uuid7(1_780_000_000_000 + hour * 3_600_000)).key for hour in (-1, 1)]

    assert others[0] < first < second < others[1]
