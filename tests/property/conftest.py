"""Insights over events that a test makes up: each question has a project of its own."""

import itertools
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from hedgerow.core import json
from hedgerow.core.ids import person_uuid
from hedgerow.query.insight_runner import plan_insight, run_plan
from hedgerow.query.insights.context import InsightContext
from hedgerow.query.runner import QueryRunner
from hedgerow.store.event_store import ChdbEventStore
from hedgerow.store.rows import EventRow, hot_values

MINUTE_US = 60_000_000
START_US = 1_772_409_600_000_000  # 2026-03-02T00:00:00Z
NOW_US = START_US + 30 * 24 * 60 * MINUTE_US
_projects = itertools.count(810_001)


@dataclass
class InsightEngine:
    store: ChdbEventStore
    runner: QueryRunner

    def answer(self, events: Sequence[tuple[Any, ...]], query: dict[str, Any]) -> Any:
        """`events` are (distinct id, minutes since 2026-03-02, name, and perhaps properties)."""
        project_id = next(_projects)
        self.store.insert_events(
            [_row(project_id, number, *event) for number, event in enumerate(events)]
        )
        context = InsightContext(project_id=project_id, now_us=NOW_US)
        return run_plan(self.runner, plan_insight(query, context)).results


def _row(  # noqa: PLR0917 - an event as tests write it
    project_id: int,
    number: int,
    distinct_id: str,
    minute: int,
    name: str,
    properties: dict[str, Any] | None = None,
) -> EventRow:
    return EventRow(
        uuid=str(uuid.UUID(int=project_id << 64 | number)),
        project_id=project_id,
        event=name,
        distinct_id=distinct_id,
        person_id=person_uuid(project_id, distinct_id).bytes,
        timestamp_us=START_US + minute * MINUTE_US,
        received_at_us=START_US,
        properties=json.encode(properties or {}),
        person_properties=b"{}",
        person_created_at_us=START_US,
        person_mode="full",
        elements_chain="",
        historical_migration=False,
        log_position=number,
        log_index=0,
        hot=hot_values(properties or {}),
    )


@pytest.fixture(scope="session")
def engine(event_store: ChdbEventStore, query_runner: QueryRunner) -> InsightEngine:
    return InsightEngine(event_store, query_runner)
