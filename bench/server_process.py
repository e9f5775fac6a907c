"""Starts a server in a process of its own, tells when it is ready, and ends it."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.load_generator import Address

HOST = "127.0.0.1"
READY_SECONDS_MAX = 60
READY_POLL_SECONDS = 0.01
STOP_SECONDS_MAX = 60
OUTPUT_CHARS_SHOWN = 4000


class ServerFailedError(Exception):
    """The server ended or did not become ready; the text holds the end of its output."""


@dataclass(frozen=True, slots=True)
class ServerProcess:
    address: Address
    seconds_to_ready: float


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def _is_ready(address: Address) -> bool:
    connection = http.client.HTTPConnection(*address, timeout=READY_SECONDS_MAX)
    try:
        connection.request("GET", "/_readiness")
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _wait_until_ready(process: subprocess.Popen[bytes], address: Address, output: Path) -> float:
    started_at = time.perf_counter()
    while not _is_ready(address):
        seconds = time.perf_counter() - started_at
        if process.poll() is not None or seconds > READY_SECONDS_MAX:
            tail = output.read_text(errors="replace")[-OUTPUT_CHARS_SHOWN:]
            raise ServerFailedError(f"not ready after {seconds:.1f} s, its output ends:\n{tail}")
        time.sleep(READY_POLL_SECONDS)
    return time.perf_counter() - started_at


def _end(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(STOP_SECONDS_MAX)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextmanager
def running_server(
    arguments: Sequence[str], environment: dict[str, str], output: Path
) -> Iterator[ServerProcess]:
    """Run this Python with `arguments` and a `--port`, from ready until the block ends. Blocking.

    `environment` is added to ours; what the server prints goes to the file `output`. Raises
    `ServerFailedError`.
    """
    address = Address(HOST, _free_port())
    command = [sys.executable, *arguments, "--port", str(address.port)]
    with output.open("ab") as stream:
        process = subprocess.Popen(
            command,
            env=os.environ | environment,
            stdout=stream,
            stderr=subprocess.STDOUT,
        )
        try:
            yield ServerProcess(address, _wait_until_ready(process, address, output))
        finally:
            _end(process)
