"""Session replay in ingest: from a logged record to compressed chunks, or why it is dropped."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

from msgspec import Raw

from hedgerow.core import json
from hedgerow.directory.project_settings import ProjectSettings
from hedgerow.ingest.context import StepContext
from hedgerow.ingest.event import Drop, IngestEvent
from hedgerow.ingest.recording_checks import warn_of_recording
from hedgerow.ingest.recording_items import ItemCounts, counted
from hedgerow.ingest.recording_quotas import MEGABYTE
from hedgerow.ingest.warnings import event_warning
from hedgerow.store.recording_rows import RecordingChunk
from hedgerow.wire.drops import DropReason
from hedgerow.wire.replay import ReplayProperties, decode_properties

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_COMPRESSION_LEVEL = 3


class KeptRecordings(Protocol):
    """What the collector asks the store; both may be slow."""

    def stored_bytes(self, project_id: int) -> int: ...
    def is_deleted(self, project_id: int, session_id: str) -> bool: ...


@dataclass(slots=True)
class RecordingCollector:
    """The recordings of one batch after the other.

    What a project has stored is asked once and then counted along, until `forget`.
    """

    kept: KeptRecordings
    _stored_bytes: dict[int, int] = field(default_factory=dict)
    _chunks: list[RecordingChunk] = field(default_factory=list)
    _not_deleted: set[tuple[int, str]] = field(default_factory=set)

    def forget(self) -> None:
        """After a failure, or when recordings have been deleted."""
        self._stored_bytes.clear()
        self._chunks = []

    def take(self) -> list[RecordingChunk]:
        """The chunks since the last call."""
        chunks, self._chunks = self._chunks, []
        self._not_deleted.clear()
        return chunks

    def add(self, event: IngestEvent, context: StepContext) -> Drop | None:
        properties = decode_properties(event.logged.properties)
        dropped = self._refused(event.project_id, event.settings, properties.session_id)
        if dropped is not None:
            if dropped is not DropReason.RECORDING_DELETED:
                session_id = properties.session_id
                context.warnings.append(event_warning(event, dropped.value, sessionId=session_id))
            return Drop(dropped)
        for uuid, items in _sent(properties):
            counts = counted(items, properties.source)
            chunk = _chunk(event, properties, uuid, items, counts)
            self._chunks.append(chunk)
            self._stored_bytes[event.project_id] += len(chunk.data)
            warn_of_recording(event, properties, counts, context)
        return None

    def _refused(
        self, project_id: int, settings: ProjectSettings, session_id: str
    ) -> DropReason | None:
        if not settings.session_recording_opt_in:
            return DropReason.RECORDING_SWITCHED_OFF
        if self._stored(project_id) >= settings.session_recording_quota_megabytes * MEGABYTE:
            return DropReason.RECORDING_OVER_QUOTA
        session = (project_id, session_id)
        if session not in self._not_deleted and self.kept.is_deleted(*session):
            return DropReason.RECORDING_DELETED
        self._not_deleted.add(session)
        return None

    def _stored(self, project_id: int) -> int:
        if project_id not in self._stored_bytes:
            self._stored_bytes[project_id] = self.kept.stored_bytes(project_id)
        return self._stored_bytes[project_id]


def _sent(properties: ReplayProperties) -> Iterator[tuple[str, list[Raw]]]:
    """The uuid and the items of each event that the client sent."""
    start = 0
    for sent in properties.chunks:
        yield sent.uuid, properties.items[start : start + sent.items]
        start += sent.items


def _chunk(
    event: IngestEvent,
    properties: ReplayProperties,
    uuid: str,
    items: list[Raw],
    counts: ItemCounts,
) -> RecordingChunk:
    text = json.encode(items)
    received_ms = event.request.now_us // 1000
    return RecordingChunk(
        project_id=event.project_id,
        session_id=properties.session_id,
        chunk_id=uuid,
        window_id=properties.window_id,
        distinct_id=properties.distinct_id,
        source=properties.source,
        library=properties.library,
        received_at_us=event.request.now_us,
        first_us=(counts.first_ms or received_ms) * 1000,
        last_us=(counts.last_ms or received_ms) * 1000,
        items=len(items),
        clicks=counts.clicks,
        key_presses=counts.key_presses,
        mouse_moves=counts.mouse_moves,
        console_messages=counts.console_messages,
        console_errors=counts.console_errors,
        first_url=counts.first_url,
        raw_bytes=len(text),
        data=zstd.compress(text, _COMPRESSION_LEVEL),
        log_position=event.log_position,
    )
