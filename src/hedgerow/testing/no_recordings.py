"""A store of session recordings that keeps none: for vectors and tests of other things."""

from collections.abc import Sequence

from hedgerow.store.recording_rows import RecordingChunk


class NoRecordings:
    """A `RecordingStore`."""

    def insert(self, chunks: Sequence[RecordingChunk]) -> None:
        """Nothing is kept."""

    def stored_bytes(self, project_id: int) -> int:
        del project_id
        return 0

    def is_deleted(self, project_id: int, session_id: str) -> bool:
        del project_id, session_id
        return False

    def delete_received_before(self, project_id: int, time_us: int) -> int:
        del project_id, time_us
        return 0
