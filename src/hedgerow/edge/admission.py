"""The budget of bytes in flight: memory is refused before it is gone (reliability §9)."""

from hedgerow.core.errors import CaptureRefusal


class Reservation:
    """What one request holds of the budget; grows while its body arrives."""

    __slots__ = ("_budget", "_held_bytes")

    def __init__(self, budget: "InFlightBudget") -> None:
        self._budget = budget
        self._held_bytes = 0

    def grow_to(self, total_bytes: int) -> None:
        """Raises a retryable `CaptureRefusal` when the budget is used up."""
        more = total_bytes - self._held_bytes
        if more <= 0:
            return
        if self._budget.used_bytes + more > self._budget.bytes_max:
            raise CaptureRefusal(
                503, "service unavailable: too many bytes in flight", retry_after_seconds=1
            )
        self._budget.used_bytes += more
        self._held_bytes = total_bytes

    def release(self) -> None:
        self._budget.used_bytes -= self._held_bytes
        self._held_bytes = 0


class InFlightBudget:
    def __init__(self, bytes_max: int) -> None:
        self.bytes_max = bytes_max
        self.used_bytes = 0

    def reserve(self) -> Reservation:
        return Reservation(self)
