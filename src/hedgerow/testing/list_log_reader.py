"""A log to read that is a list of payloads: for vectors."""

from collections.abc import Sequence

from hedgerow.log.contract import Frame


class ListLogReader:
    """A `LogReader` that gives one payload at a time; position n is the n-th."""

    def __init__(self, payloads: Sequence[bytes]) -> None:
        self._frames = [Frame(n, n + 1, payload) for n, payload in enumerate(payloads)]

    @property
    def start(self) -> int:
        return 0

    def end(self) -> int:
        return len(self._frames)

    def read(self, position: int, bytes_max: int) -> list[Frame]:
        del bytes_max
        return self._frames[position : position + 1]

    def release(self, position: int) -> None:
        """Nothing is kept."""
