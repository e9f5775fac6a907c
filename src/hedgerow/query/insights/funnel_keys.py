"""An event of a funnel as one number: when it was, which steps it matches, what it taints.

From the highest bit: the moment; a bit for each step, the first step's highest, 0 where the event
matches; a bit for each exclusion, 1 where it matches. So numbers in order are events in the order
in which a funnel looks at them: by time, and of events at one moment the lower step first and what
is no step last (read-api §4.3). Numbers are sorted in half the time that tuples take.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from hedgerow.query.fragments import Sql

# No event is older, so a moment counted from here is above 0, which stands for none.
_ORIGIN: Final = datetime(1899, 1, 1, tzinfo=UTC)
_ORIGIN_US: Final = (_ORIGIN - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
# A moment fits in so many bits: it counts microseconds, up to the year 2299.
MOMENT_BITS: Final = 54


def unix_us_of(moment: Sql) -> Sql:
    """A key's moment in microseconds since 1970."""
    return Sql(f"{moment} + ({_ORIGIN_US})")


@dataclass(frozen=True, slots=True)
class FunnelKeys:
    """Keys of a funnel with so many steps and exclusions. Steps are numbered from 0."""

    steps: int
    exclusions: int

    @property
    def _bits(self) -> int:
        return self.steps + self.exclusions

    @property
    def _fits(self) -> bool:
        """Whether 64 bits are enough."""
        return MOMENT_BITS + self._bits <= 64

    @property
    def _all_steps(self) -> int:
        return (1 << self.steps) - 1

    def of_event(self, time: Sql, steps: Sequence[Sql], exclusions: Sequence[Sql]) -> Sql:
        """The key; `steps` and `exclusions` are the conditions that the event may meet."""
        type_ = "toUInt64" if self._fits else "toUInt128"
        moment = f"{type_}(toUnixTimestamp64Micro({time}) - ({_ORIGIN_US}))"
        parts = [f"bitShiftLeft({moment}, {self._bits})"]
        for index, condition in enumerate(steps):
            parts.append(f"{1 << self._step_bit(index)} * (ifNull({condition}, 0) = 0)")
        for index, condition in enumerate(exclusions):
            parts.append(f"{1 << index} * (ifNull({condition}, 0) != 0)")
        return Sql(" + ".join(parts))

    def _step_bit(self, index: int) -> int:
        return self._bits - 1 - index

    def moment(self, key: str) -> Sql:
        """Microseconds from an origin of its own, so that it is never 0: see `unix_us_of`."""
        return Sql(f"toInt64(bitShiftRight({key}, {self._bits}))")

    def time(self, key: str) -> Sql:
        """The moment as the engine's time."""
        return Sql(f"fromUnixTimestamp64Micro({unix_us_of(self.moment(key))}, 'UTC')")

    def has_step(self, key: str, index: int) -> Sql:
        # The engine tests no bits of larger numbers; those of steps are among the lowest 64.
        tested = key if self._fits else f"toUInt64({key})"
        return Sql(f"NOT bitTest({tested}, {self._step_bit(index)})")

    def has_any_step(self, key: str) -> Sql:
        return Sql(f"{self.matched_steps(key)} > 0")

    def matched_steps(self, key: str) -> Sql:
        """A number that differs where the steps differ; 0 for no step."""
        written = f"bitAnd(bitShiftRight({key}, {self.exclusions}), {self._all_steps})"
        return Sql(f"toUInt32(bitXor({written}, {self._all_steps}))")

    def matched_exclusions(self, key: str) -> Sql:
        """A bit for each, the first the lowest."""
        return Sql(f"toUInt32(bitAnd({key}, {(1 << self.exclusions) - 1}))")
