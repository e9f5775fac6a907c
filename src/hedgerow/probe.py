"""Asks the two processes whether they are ready, with a socket and nothing else.

The standard library's HTTP client would take a third of the supervisor's memory.
"""

import socket
from pathlib import Path

from hedgerow.settings import Settings

_SECONDS_MAX = 2


def is_ready(settings: Settings) -> bool:
    """Whether the edge listens and the core answers that it is ready."""
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host  # noqa: S104
    return edge_answers(host, settings.port) and core_answers(settings.core_socket)


def edge_answers(host: str, port: int) -> bool:
    try:
        with socket.create_connection((host, port), _SECONDS_MAX) as connection:
            return _is_ok(connection, "/_liveness")
    except OSError:
        return False


def core_answers(path: Path) -> bool:
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(_SECONDS_MAX)
            connection.connect(str(path))
            return _is_ok(connection, "/_readiness")
    except OSError:
        return False


def _is_ok(connection: socket.socket, path: str) -> bool:
    request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    connection.sendall(request.encode())
    received = b""
    while b"\r\n" not in received:
        piece = connection.recv(1024)
        if not piece:
            return False
        received += piece
    return received.split(b" ", 2)[1:2] == [b"200"]
