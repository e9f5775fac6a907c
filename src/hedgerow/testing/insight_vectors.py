"""Run one vector of an insight vector file and return the API's answer.

The vector's events pass the real capture code, ingestion, directory and store, and its query is
posted to the real API. The log is a list, and the clock is the vector's.
"""

import contextlib
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from litestar.testing import TestClient
from sqlalchemy import insert

from hedgerow.api.application import create_application
from hedgerow.api.disk_use import DiskUse
from hedgerow.api.live_feed import LiveFeed
from hedgerow.api.passwords import Passwords
from hedgerow.api.services import Services
from hedgerow.core import json
from hedgerow.core.clock import FixedClock
from hedgerow.core.errors import LogUnavailableError
from hedgerow.directory.engine import Directory, open_directory
from hedgerow.directory.group_schema import group_types
from hedgerow.directory.groups import list_group_types, list_groups
from hedgerow.directory.persons import list_persons
from hedgerow.directory.project_settings import ProjectSettings, encode_settings
from hedgerow.directory.publishing import ProjectPublisher
from hedgerow.directory.schema import projects
from hedgerow.directory.warnings import list_warnings
from hedgerow.ingest.deferred_lanes import DeferredLanes
from hedgerow.ingest.enrichment import Enricher
from hedgerow.ingest.loop import IngestLoop, IngestStatus
from hedgerow.ingest.maintenance import Maintenance
from hedgerow.log.reader import SegmentLogReader
from hedgerow.query.fragments import Sql
from hedgerow.query.insight_runner import run_select
from hedgerow.query.insights.context import InsightContext
from hedgerow.query.insights.event_rows import EventRows
from hedgerow.query.insights.filters import filter_condition
from hedgerow.query.insights.kinds import INSIGHT_KINDS
from hedgerow.query.insights.nodes import FilterNode
from hedgerow.query.insights.read_node import read_node
from hedgerow.query.promotions import Promotions
from hedgerow.query.runner import QueryLimits, QueryRunner
from hedgerow.query.survey_results import run_on_project, survey_summary
from hedgerow.settings import Settings
from hedgerow.store.client import Client
from hedgerow.store.contract import EventStore
from hedgerow.store.promotion import ColumnPromotion
from hedgerow.store.session_recordings import SessionRecordingStore
from hedgerow.store.static_cohorts import StaticCohortLists
from hedgerow.testing.list_log_reader import ListLogReader
from hedgerow.testing.no_recordings import NoRecordings
from hedgerow.testing.not_covered import NotCovered
from hedgerow.testing.vector_questions import channel_types_answer, sessions_answer
from hedgerow.wire.capture import CaptureRequest, CaptureRules, capture
from hedgerow.wire.control import ControlRecord
from hedgerow.wire.record import encode_request
from hedgerow.wire.timestamps import parse_timestamp

_TOKEN: Final = "phc_vector"  # noqa: S105 - a public key of a temporary instance
_LOCAL_KEY: Final = "phl_vector"
_DEFAULT_NOW: Final = "2026-03-08T12:00:00Z"
_OTHER_KINDS: Final = frozenset(
    (
        *("HogQLQuery", "x-channel-type", "x-property-filters", "x-sessions", "x-state"),
        "x-survey-summary",
    )
)
_PEOPLE_MAX: Final = 1000


@dataclass(frozen=True, slots=True)
class VectorEngine:
    """Where the vectors' events are stored and asked for; one vector is one project of it."""

    store: EventStore
    connect: Callable[[], Client]


class _OfThisVector:
    """The engine's store without what other vectors, whose logs begin at 0 too, have stored."""

    def __init__(self, store: EventStore) -> None:
        self.insert_events = store.insert_events
        self.insert_persons = store.insert_persons
        self.insert_side_rows = store.insert_side_rows
        self.stored_before = store.stored_before
        self.reassign_events = store.reassign_events
        self.erase = store.erase

    def stored_since(self, position: int, before: int | None = None) -> set[tuple[int, int]]:
        del position, before
        return set()


class _NoControlLog:
    """No edge process runs beside a vector."""

    def append(self, record: ControlRecord) -> int:
        del record
        raise LogUnavailableError("no edge is running")


class VectorFailedError(AssertionError):
    """The API refused a vector's query."""


def run_insight_vector_on(
    engine: VectorEngine, project_id: int, vector: dict[str, Any]
) -> dict[str, Any]:
    """Ingest the vector's events as a project that nothing else uses, and ask its query.

    For `x-` kinds the answer has the shape of the vector's `expected`. Raises `NotCovered`, and
    `VectorFailedError` where the API refuses the query.
    """
    check_covered(vector)
    with insight_instance(engine, project_id, vector) as instance:
        return instance.answer(vector["query"])


@contextlib.contextmanager
def insight_instance(
    engine: VectorEngine, project_id: int, vector: dict[str, Any]
) -> "Iterator[InsightInstance]":
    """The vector's project with its events, to ask several queries of."""
    with tempfile.TemporaryDirectory() as name:
        instance = InsightInstance(engine, project_id, Path(name), vector)
        try:
            instance.ingest(vector.get("events", []))
            yield instance
        finally:
            instance.close()


def check_covered(vector: dict[str, Any]) -> None:
    """Raises `NotCovered`."""
    if vector["query"]["kind"] not in INSIGHT_KINDS.keys() | _OTHER_KINDS:
        raise NotCovered(vector["query"]["kind"])


class InsightInstance:
    """One project with its own directory and the vector's settings."""

    def __init__(
        self, engine: VectorEngine, project_id: int, folder: Path, vector: dict[str, Any]
    ) -> None:
        self._engine = engine
        self._project_id = project_id
        self._folder = folder
        self._sent = 0
        self._payloads: list[bytes] = []
        self._now_us = _time_us(vector.get("now", _DEFAULT_NOW))
        self._directory = open_directory(folder / "directory.sqlite")
        _add_project(self._directory, project_id, vector)
        self._runner = QueryRunner(engine.connect, QueryLimits())
        self.promotions = Promotions(ColumnPromotion(engine.connect), self._directory)
        self._static_cohorts = StaticCohortLists(engine.connect)
        self._client = TestClient(create_application(self._services()))

    def close(self) -> None:
        self.promotions.columns.close()
        self._static_cohorts.close()
        self._runner.close()
        self._directory.close()

    def ingest(self, events: list[dict[str, Any]]) -> None:
        """All events as one batch, received when the last of them has happened."""
        if not events:
            return
        self._sent += len(events)
        times = [_time_us(event["timestamp"]) for event in events if "timestamp" in event]
        self._payloads.append(_captured(events, max([self._now_us, *times])))
        stop = threading.Event()
        stop.set()  # nothing more will come, so nothing is waited for
        loop = IngestLoop(
            reader=ListLogReader(self._payloads),
            directory=self._directory,
            store=_OfThisVector(self._engine.store),
            enricher=Enricher(),
            recordings=NoRecordings(),
            deferred=DeferredLanes(self._directory, FixedClock(0)),
            maintenance=Maintenance(
                self._folder, self._directory, NoRecordings(), FixedClock(0), 0, 0
            ),
        )
        while loop.step(stop):
            pass

    def answer(self, query: dict[str, Any]) -> dict[str, Any]:
        kind = str(query["kind"])
        match kind:
            case "x-property-filters":
                return {"results": self._matching_each(query["filters"])}
            case "x-state":
                return self._state()
            case "x-channel-type":
                return channel_types_answer(query)
            case "x-sessions":
                return sessions_answer(run_on_project(self._runner, self._project_id))
            case "x-survey-summary":
                return survey_summary(run_on_project(self._runner, self._project_id), query)
        return self._post(query)

    def _state(self) -> dict[str, Any]:
        """Everything that the events made, in the order of the conventions."""
        ((stored,),) = run_select(
            self._runner, EventRows(self._context()).select({"stored": Sql("count()")})
        ).rows
        people = list_persons(self._directory, self._project_id, limit=_PEOPLE_MAX)
        samples = [
            (sample.timestamp_us, warning.type)
            for warning in list_warnings(self._directory, self._project_id)
            for sample in reversed(warning.samples)
        ]
        return {
            "persons": sorted(
                (
                    {
                        "distinct_ids": sorted(details.distinct_ids),
                        "properties": details.person.properties,
                        "is_identified": details.person.is_identified,
                    }
                    for details in people
                ),
                key=lambda person: str(person["distinct_ids"]),
            ),
            "groups": [
                {
                    "group_type": item.group_type,
                    "group_key": group.group_key,
                    "group_properties": group.properties,
                }
                for item in list_group_types(self._directory, self._project_id)
                for group in list_groups(
                    self._directory, self._project_id, type_index=item.type_index
                )
            ],
            "stored_events": stored,
            "dropped_events": self._sent - stored,
            "warnings": [type_ for _, type_ in sorted(samples, key=lambda sample: sample[0])],
        }

    def _context(self) -> InsightContext:
        return InsightContext(project_id=self._project_id, now_us=self._now_us)

    def _matching_each(self, filters: list[dict[str, Any]]) -> list[int]:
        """How many events match each filter."""
        rows = EventRows(self._context())
        columns = {}
        for index, item in enumerate(filters):
            node = read_node(item, FilterNode)
            condition = filter_condition(node, rows, f"query.filters.{index}")
            columns[f"matching_{index}"] = Sql(f"countIf({condition})")
        return list(run_select(self._runner, rows.select(columns)).rows[0])

    def _post(self, query: dict[str, Any]) -> dict[str, Any]:
        response = self._client.post(
            f"/api/projects/{self._project_id}/query/",
            headers={"authorization": f"Bearer {_LOCAL_KEY}"},
            json={"query": query},
        )
        answer: dict[str, Any] = response.json()
        if response.status_code != 200:
            raise VectorFailedError(response.text)
        return answer

    def _services(self) -> Services:
        settings = Settings(data=self._folder)
        settings.log_folder.mkdir(exist_ok=True)
        clock = FixedClock(self._now_us)
        return Services(
            directory=self._directory,
            query_runner=self._runner,
            promotions=self.promotions,
            static_cohorts=self._static_cohorts,
            control_log=_NoControlLog(),
            recordings=SessionRecordingStore(self._engine.connect()),
            log_reader=SegmentLogReader(settings.log_folder),
            ingest_status=lambda: IngestStatus(self._sent, running=True, last_error=None),
            publisher=ProjectPublisher(
                self._directory, settings.keys_snapshot, settings.projects_snapshot, clock
            ),
            settings=settings,
            clock=clock,
            disk_use=DiskUse(settings, clock),
            local_key=_LOCAL_KEY,
            passwords=Passwords(clock),
            live_feed=LiveFeed(clock),
            web_files={},
        )


def _time_us(text: str) -> int:
    found = parse_timestamp(text)
    assert found is not None, f"the vector's time {text!r} is readable"
    return found


def _settings(vector: dict[str, Any]) -> ProjectSettings:
    time_zone = vector.get("timezone") or vector.get("time_zone") or vector.get("project_timezone")
    return ProjectSettings(
        time_zone=time_zone or "UTC", week_start_day=vector.get("week_start_day", 0)
    )


def _add_project(directory: Directory, project_id: int, vector: dict[str, Any]) -> None:
    with directory.write() as connection:
        connection.execute(
            insert(projects).values(
                id=project_id,
                name="Vector",
                api_token=_TOKEN,
                settings=encode_settings(_settings(vector)),
                created_at_us=0,
            )
        )
        for index, name in enumerate(vector.get("group_types", ())):
            connection.execute(
                insert(group_types).values(
                    project_id=project_id, type_index=index, group_type=name, created_at_us=0
                )
            )


def _captured(events: list[dict[str, Any]], now_us: int) -> bytes:
    """The log's payload of all events in one request."""
    body = {"api_key": _TOKEN, "batch": events}
    outcome = capture(
        CaptureRequest(
            method="POST",
            path="/batch/",
            query_string="",
            content_type="application/json",
            content_encoding=None,
            body=json.encode(body),
            ip="127.0.0.1",
            user_agent="",
            now_us=now_us,
        ),
        CaptureRules(profile="documented", accepts_key=lambda _key: True, dropped_ids={}),
    )
    assert outcome.logged is not None, "a vector's request is accepted"
    return encode_request(outcome.logged)
