"""What the core tells the supervisor at its first start, to be shown to the operator once.

It goes through a pipe, because a secret that is hashed at rest must not lie in a file.
"""

import json
import os
import select
from dataclasses import asdict, dataclass

SIGN_IN_TOKEN_VARIABLE = "HEDGEROW_INTERNAL_SIGN_IN_TOKEN"  # noqa: S105 - its name, not its value
PIPE_VARIABLE = "HEDGEROW_INTERNAL_WELCOME_PIPE"


@dataclass(frozen=True, slots=True)
class Welcome:
    """`personal_key` is set only where it was made just now: it cannot be shown again."""

    project_key: str
    personal_key: str | None
    created: bool


class WelcomePipe:
    """The supervisor's end."""

    def __init__(self) -> None:
        self._read_end, self._write_end = os.pipe()

    def environment(self) -> dict[str, str]:
        return {PIPE_VARIABLE: str(self._write_end)}

    def descriptors(self) -> tuple[int, ...]:
        return (self._write_end,)

    def receive(self) -> Welcome:
        """Call it only when the core has said that it is ready: it has written by then."""
        readable, _, _ = select.select([self._read_end], [], [], 5)
        assert readable, "the core was ready without a welcome"
        return Welcome(**json.loads(os.read(self._read_end, 65536).splitlines()[0]))


def send_welcome(welcome: Welcome, environment: dict[str, str]) -> None:
    """The core's end. A pipe that nobody reads any more is no failure."""
    descriptor = environment.get(PIPE_VARIABLE)
    if descriptor is not None:
        os.write(int(descriptor), json.dumps(asdict(welcome)).encode() + b"\n")
