"""The errors that cross a layer, in one place.

An error of the user's making derives from `UserError` and its text says what was wrong. Everything
else is ours: it is logged, and the user sees only that something failed.
"""

from dataclasses import dataclass


class HedgerowError(Exception):
    """The root of all errors raised on purpose."""


class UserError(HedgerowError):
    """Bad input; the message is shown to the user as it is."""


class FieldError(UserError):
    """Bad input in one field; `attribute` names it where it is known."""

    def __init__(self, detail: str, attribute: str | None = None) -> None:
        super().__init__(detail)
        self.attribute = attribute


@dataclass(frozen=True, slots=True)
class LostEvents:
    """Events that are refused with their whole request; their project is told why.

    `reason` is a `DropReason` of `wire.drops`. `count` is 0 where the request held no event.
    """

    token: str
    reason: str
    count: int


class CaptureRefusal(HedgerowError):  # noqa: N818 - an answer, not a fault of ours
    """A capture request that is answered with an error (capture-protocol §7.2).

    `text` is the exact plain-text body. `retry_after_seconds` is set where the client should
    send the same request again. `key` is the project key that was not known. `lost` is set where
    the key is known and the fault lies in the events.
    """

    lost: LostEvents | None = None

    def __init__(
        self, status: int, text: str, retry_after_seconds: int | None = None, key: str = ""
    ) -> None:
        super().__init__(text)
        self.status = status
        self.text = text
        self.retry_after_seconds = retry_after_seconds
        self.key = key


class LogFullError(HedgerowError):
    """No space for the frame; nothing was written. The client should retry later."""


class LogUnavailableError(HedgerowError):
    """The process that writes the log did not confirm the record; it may be tried again."""


class LogFailedError(HedgerowError):
    """A write or fsync of the log failed: what is on disk is unknown. The process must end."""


class LogCorruptError(HedgerowError):
    """A frame that was durable does not pass its checksum."""


class StoreUnavailableError(HedgerowError):
    """The store refused an insert or a query for a reason that may pass."""


class QueryError(UserError):
    """A query that cannot be run; `code` and `attribute` go into the API's error shape."""

    def __init__(self, detail: str, code: str = "invalid_input", attribute: str = "query") -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code
        self.attribute = attribute
