"""The answer of a vector runner to a vector that needs a feature we leave out."""


class NotCovered(Exception):  # noqa: N818 - not an error: it says what is left out on purpose
    """`reason` names the missing feature."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
