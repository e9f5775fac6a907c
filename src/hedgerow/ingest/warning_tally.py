"""Warnings about something that most events of a client may have: counted, with one sample.

A warning for each event would cost more than the event.
"""

from hedgerow.directory.batch import Warning as IngestionWarning
from hedgerow.ingest.event import IngestEvent
from hedgerow.ingest.warnings import event_warning

_Key = tuple[int, str, str]  # project, type of the warning, and the client's library


class WarningTally:
    """The warnings of one batch by project, type and library."""

    def __init__(self) -> None:
        self._counts: dict[_Key, int] = {}
        self._samples: dict[_Key, IngestionWarning] = {}

    def add(self, event: IngestEvent, type_: str) -> None:
        sent = event.properties.get("$lib")
        library = sent if isinstance(sent, str) else ""
        key = (event.project_id, type_, library)
        count = self._counts.get(key, 0)
        self._counts[key] = count + 1
        if not count:
            self._samples[key] = event_warning(event, type_, lib=library or None)

    def warnings(self) -> list[IngestionWarning]:
        """One for each kind, which stands for all of them."""
        for key, sample in self._samples.items():
            sample.count = self._counts[key]
        return list(self._samples.values())
