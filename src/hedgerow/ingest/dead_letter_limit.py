"""A storm of dead letters means that the program is wrong, not the events (reliability §9)."""

from dataclasses import dataclass

from hedgerow.core import limits


@dataclass(slots=True)
class DeadLetterLimit:
    """Watches the share of dead letters over the last events, and unbroken runs of them."""

    _events: int = 0
    _dead_letters: int = 0
    _run: int = 0

    def check(self, events: int, dead_letters: int) -> str | None:
        """The text of the alarm once a limit is reached."""
        self._run = self._run + dead_letters if dead_letters == events and events else 0
        self._events += events
        self._dead_letters += dead_letters
        if self._run >= limits.DEAD_LETTERS_IN_A_ROW_MAX:
            return f"{self._run} events in a row could not be processed; ingest has stopped."
        if self._events < limits.DEAD_LETTER_RATIO_OVER_EVENTS:
            return None
        ratio = self._dead_letters / self._events
        self._events = self._dead_letters = 0
        if ratio <= limits.DEAD_LETTER_RATIO_MAX:
            return None
        return f"{ratio:.0%} of the last events could not be processed; ingest has stopped."
