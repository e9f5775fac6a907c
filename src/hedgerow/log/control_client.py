"""Appending to the log from another process: the edge alone writes it, and takes control records
over a Unix socket in the data folder.

A message is four bytes of length, then the record; the answer is four bytes of length, then JSON
with the `position` of the record once it is durable, or with an `error`.
"""

import socket
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from hedgerow.core import json
from hedgerow.core.errors import LogUnavailableError
from hedgerow.wire.control import ControlRecord, encode_control

LENGTH: Final = struct.Struct("<I")
MESSAGE_BYTES_MAX: Final = 64 * 1024
_TIMEOUT_SECONDS: Final = 10.0


class ControlLog(Protocol):
    def append(self, record: ControlRecord) -> int:
        """The record's position once it is on stable storage (blocking).

        Raises `LogUnavailableError` when the log cannot take it now; it may be there all the same.
        """
        ...


@dataclass(frozen=True, slots=True)
class ControlClient:
    """A `ControlLog` that asks the edge process."""

    path: Path

    def append(self, record: ControlRecord) -> int:
        payload = encode_control(record)
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(_TIMEOUT_SECONDS)
                connection.connect(str(self.path))
                connection.sendall(LENGTH.pack(len(payload)) + payload)
                (length,) = LENGTH.unpack(_receive(connection, LENGTH.size))
                answer = json.decode(_receive(connection, min(length, MESSAGE_BYTES_MAX)))
        except (OSError, EOFError) as error:
            raise LogUnavailableError(f"the log cannot be written now: {error}") from error
        if "error" in answer:
            raise LogUnavailableError(str(answer["error"]))
        return int(answer["position"])


def _receive(connection: socket.socket, count: int) -> bytes:
    received = b""
    while len(received) < count:
        part = connection.recv(count - len(received))
        if not part:
            raise EOFError("the edge closed the connection")
        received += part
    return received
