"""Run one vector of an ingestion vector file and return everything that happened.

The vector's events pass the real capture code, the real steps and the real directory; the log and
the event store are lists.
"""

import tempfile
import threading
import uuid
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from hedgerow.core import json
from hedgerow.core.clock import FixedClock
from hedgerow.core.errors import FieldError
from hedgerow.directory.engine import Directory, open_directory
from hedgerow.directory.groups import list_group_types, list_groups
from hedgerow.directory.overrides import list_overrides
from hedgerow.directory.persons import PersonDetails, list_persons
from hedgerow.directory.projects import change_project
from hedgerow.directory.provision import provision
from hedgerow.directory.warnings import list_warnings
from hedgerow.ingest.deferred_lanes import DeferredLanes
from hedgerow.ingest.enrichment import Enricher
from hedgerow.ingest.loop import IngestLoop
from hedgerow.ingest.maintenance import Maintenance
from hedgerow.store.erasure import Erasure
from hedgerow.store.rows import DistinctIdRow, EventIdentity, EventRow, PersonRow
from hedgerow.store.side_rows import HeatmapRow, SideRows
from hedgerow.testing.list_log_reader import ListLogReader
from hedgerow.testing.no_recordings import NoRecordings
from hedgerow.testing.not_covered import NotCovered
from hedgerow.wire.capture import CaptureRequest, CaptureRules, capture
from hedgerow.wire.record import encode_request
from hedgerow.wire.timestamps import format_timestamp, parse_timestamp

_TOKEN = "phc_vector"  # noqa: S105 - a public key of a temporary instance
_DEFAULT_NOW = "2024-06-01T12:00:00.000Z"
_DEFAULT_IP = "127.0.0.1"
_PERSONS_MAX = 1000


def run_ingestion_vector(vector: dict[str, Any]) -> dict[str, Any]:
    """Ingest the vector's events one after the other on a fresh instance.

    Returns everything that happened in the shape of design §8. `settings` of the vector are those
    of the project; an unknown one raises `NotCovered`.
    """
    return run_with_enricher(vector, Enricher())


def run_with_enricher(vector: dict[str, Any], enricher: Enricher) -> dict[str, Any]:
    """The same with what is known of addresses."""
    payloads = [_captured(dict(event)) for event in vector["events"]]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        directory = open_directory(folder / "directory.sqlite")
        project = provision(
            directory, project_api_key=_TOKEN, personal_api_key="", now_us=0
        ).project
        _set(directory, project.id, vector.get("settings") or {})
        store = _ListStore()
        _ingest(folder, directory, store, payloads, enricher)
        people = list_persons(directory, project.id, limit=_PERSONS_MAX)
        result = {
            "persons": [_person(details) for details in people],
            "events": _events(store.rows, list_overrides(directory, project.id)),
            **_groups(directory, project.id),
            "heatmaps": [_heatmap(row) for row in store.heatmaps],
            "warnings": [
                {"type": warning.type, "details": sample.details}
                for warning in list_warnings(directory, project.id)
                for sample in warning.samples
            ],
        }
        directory.close()
    return result


def _captured(event: dict[str, Any]) -> bytes:
    """The log's payload for one event; `_request` says when and whence it came."""
    request = event.pop("_request", {})
    body: dict[str, Any] = {"api_key": _TOKEN, "batch": [event]}
    if request.get("sent_at"):
        body["sent_at"] = request["sent_at"]
    now_us = parse_timestamp(request.get("now", _DEFAULT_NOW))
    assert now_us is not None, "the vector's clock is readable"
    outcome = capture(
        CaptureRequest(
            method="POST",
            path="/batch/",
            query_string="",
            content_type="application/json",
            content_encoding=None,
            body=json.encode(body),
            ip=request.get("ip", _DEFAULT_IP),
            user_agent="",
            now_us=now_us,
        ),
        CaptureRules(profile="documented", accepts_key=lambda _key: True, dropped_ids={}),
    )
    assert outcome.logged is not None, "a vector's event is accepted"
    return encode_request(outcome.logged)


def _ingest(
    folder: Path,
    directory: Directory,
    store: "_ListStore",
    payloads: list[bytes],
    enricher: Enricher,
) -> None:
    stop = threading.Event()
    stop.set()  # nothing more will come, so nothing is waited for
    loop = IngestLoop(
        reader=ListLogReader(payloads),
        directory=directory,
        store=store,
        enricher=enricher,
        deferred=DeferredLanes(directory, FixedClock(0)),
        recordings=NoRecordings(),
        maintenance=Maintenance(folder, directory, NoRecordings(), FixedClock(0), 0, 0),
    )
    while loop.step(stop):
        pass


class _ListStore:
    def __init__(self) -> None:
        self.rows: list[EventRow] = []
        self.heatmaps: list[HeatmapRow] = []

    def insert_events(self, rows: Sequence[EventRow]) -> None:
        self.rows.extend(rows)

    def insert_persons(
        self, persons: Sequence[PersonRow], distinct_ids: Sequence[DistinctIdRow]
    ) -> None:
        """The directory has them too."""

    def insert_side_rows(self, rows: SideRows) -> None:
        """The directory has the others too."""
        self.heatmaps.extend(rows.heatmaps)

    def stored_since(self, position: int, before: int | None = None) -> set[tuple[int, int]]:
        return {
            (row.log_position, row.log_index)
            for row in self.rows
            if row.log_position >= position and (before is None or row.log_position < before)
        }

    def stored_before(
        self, events: Collection[EventIdentity], received_before_us: int, position: int
    ) -> set[EventIdentity]:
        """A vector's events are few enough for the directory to remember."""
        del events, received_before_us, position
        return set()

    def reassign_events(
        self, project_id: int, distinct_ids: Collection[str], before_position: int
    ) -> None:
        raise NotImplementedError("no vector splits a person")

    def erase(self, erasure: Erasure) -> None:
        raise NotImplementedError("no vector deletes a person")


def _person(details: PersonDetails) -> dict[str, Any]:
    person = details.person
    return {
        "id": str(uuid.UUID(bytes=person.id)),
        "distinct_ids": list(details.distinct_ids),
        "properties": person.properties,
        "is_identified": person.is_identified,
        "created_at": format_timestamp(person.created_at_us),
        "version": person.version,
        "last_seen_at": None
        if person.last_seen_at_us is None
        else format_timestamp(person.last_seen_at_us),
    }


def _set(directory: Directory, project_id: int, settings: dict[str, Any]) -> None:
    try:
        change_project(directory, project_id, settings=settings)
    except FieldError as error:
        raise NotCovered(str(error)) from None


def _groups(directory: Directory, project_id: int) -> dict[str, Any]:
    types = list_group_types(directory, project_id)
    return {
        "group_types": {item.group_type: item.type_index for item in types},
        "groups": [
            {
                "group_type": item.group_type,
                "group_type_index": item.type_index,
                "group_key": group.group_key,
                "properties": group.properties,
                "created_at": format_timestamp(group.created_at_us),
            }
            for item in types
            for group in list_groups(directory, project_id, type_index=item.type_index)
        ],
    }


def _events(rows: Sequence[EventRow], overrides: dict[bytes, bytes]) -> list[dict[str, Any]]:
    return [_event(row, overrides.get(row.person_id, row.person_id)) for row in rows]


def _event(row: EventRow, person_id: bytes) -> dict[str, Any]:
    return {
        "uuid": row.uuid,
        "event": row.event,
        "distinct_id": row.distinct_id,
        "timestamp": format_timestamp(row.timestamp_us),
        "properties": json.decode(row.properties),
        "person_id": str(uuid.UUID(bytes=person_id)),
        "person_id_at_ingestion": str(uuid.UUID(bytes=row.person_id)),
        "person_mode": row.person_mode,
        "person_properties": json.decode(row.person_properties),
        "elements_chain": row.elements_chain,
    }


def _heatmap(row: HeatmapRow) -> dict[str, Any]:
    return {
        "url": row.url,
        "type": row.type,
        "x": row.x,
        "y": row.y,
        "target_fixed": row.is_target_fixed,
        "viewport_width": row.viewport_width,
        "viewport_height": row.viewport_height,
        "session_id": row.session_id,
        "distinct_id": row.distinct_id,
        "timestamp": format_timestamp(row.timestamp_us),
    }
