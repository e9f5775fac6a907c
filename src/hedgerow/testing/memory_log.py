"""A log that keeps what is appended in a list: for vectors and unit tests."""


class MemoryLog:
    """A `LogWriter` whose every append is durable at once."""

    def __init__(self) -> None:
        self.payloads: list[bytes] = []

    @property
    def end(self) -> int:
        return len(self.payloads)

    async def append(self, payload: bytes) -> int:
        self.payloads.append(payload)
        return len(self.payloads) - 1

    async def close(self) -> None:
        """There is nothing to release."""
