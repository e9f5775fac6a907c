"""The parent of `hedgerow serve`: starts the edge and the core, restarts what dies, drains.

It imports nothing heavy, since it does nothing but wait.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from hedgerow import exit_codes
from hedgerow.core import limits
from hedgerow.core.errors import HedgerowError
from hedgerow.folder import lock_folder, prepare_folder
from hedgerow.plain_log import write_log_line
from hedgerow.probe import is_ready
from hedgerow.settings import Settings
from hedgerow.welcome import SIGN_IN_TOKEN_VARIABLE, Welcome, WelcomePipe

BACK_OFF_SECONDS_FIRST = 0.1
BACK_OFF_SECONDS_MAX = 5.0
# A child that has lived this long starts again without delay when it dies.
HEALTHY_AFTER_SECONDS = 30.0
STOP_SECONDS_MAX = limits.DRAIN_SECONDS_MAX + 5
ROLES = ("core", "edge")
# Each thread's own heap would keep what it once used; two heaps are enough here.
_MEMORY = {
    # A request's body and record would else be asked of the kernel, page by page, each time.
    "edge": {
        "MALLOC_ARENA_MAX": "2",
        "MALLOC_MMAP_THRESHOLD_": str(1024 * 1024),
        "MALLOC_TRIM_THRESHOLD_": str(32 * 1024 * 1024),
    },
    # The store's engine has an allocator of its own.
    "core": {
        "MALLOC_ARENA_MAX": "2",
        "JE_MALLOC_CONF": "narenas:1,dirty_decay_ms:1000,muzzy_decay_ms:0",
    },
}


class StartFailedError(HedgerowError):
    """A child says that starting it again would not help."""


@dataclass(slots=True)
class Child:
    """One supervised process and when it may be started again."""

    role: str
    process: "subprocess.Popen[bytes] | None" = None
    started_at: float = 0.0
    back_off_seconds: float = BACK_OFF_SECONDS_FIRST
    start_at: float = 0.0


@dataclass(slots=True)
class Supervisor:
    settings: Settings
    sign_in_token: str
    welcome_pipe: WelcomePipe
    children: dict[str, Child] = field(
        default_factory=lambda: {role: Child(role) for role in ROLES}
    )
    stopping: threading.Event = field(default_factory=threading.Event)
    exit_code: int = exit_codes.OK

    def start(self) -> None:
        for child in self.children.values():
            self._spawn(child)

    def _spawn(self, child: Child) -> None:
        environment = os.environ | child_environment(self.settings) | _MEMORY[child.role]
        environment |= {SIGN_IN_TOKEN_VARIABLE: self.sign_in_token}
        environment |= self.welcome_pipe.environment()
        child.process = subprocess.Popen(
            [sys.executable, "-m", "hedgerow.child", child.role, str(os.getpid())],
            env=environment,
            stdin=subprocess.DEVNULL,
            pass_fds=self.welcome_pipe.descriptors(),
            # Ctrl-C reaches the whole terminal group; the order of stopping is ours to decide.
            start_new_session=True,
        )
        child.started_at = time.monotonic()
        self._write_process_ids()

    def _write_process_ids(self) -> None:
        ids = {"supervisor": os.getpid()}
        for child in self.children.values():
            if child.process is not None and child.process.poll() is None:
                ids[child.role] = child.process.pid
        path = self.settings.data / "pids.json"
        temporary = path.with_suffix(".tmp")
        temporary.write_text(json.dumps(ids))
        temporary.replace(path)

    def watch_once(self) -> None:
        """Start again what has died and whose time has come. Raises `StartFailedError`."""
        now = time.monotonic()
        for child in self.children.values():
            if child.process is None:
                if now >= child.start_at:
                    self._spawn(child)
            elif (code := child.process.poll()) is not None:
                self._has_died(child, code, now)

    @staticmethod
    def _has_died(child: Child, code: int, now: float) -> None:
        if code == exit_codes.CONFIGURATION:
            raise StartFailedError(child.role)
        if now - child.started_at >= HEALTHY_AFTER_SECONDS:
            child.back_off_seconds = BACK_OFF_SECONDS_FIRST
        write_log_line(
            "process_died",
            role=child.role,
            exit_code=code,
            restart_in_seconds=child.back_off_seconds,
        )
        child.process = None
        child.start_at = now + child.back_off_seconds
        child.back_off_seconds = min(child.back_off_seconds * 2, BACK_OFF_SECONDS_MAX)

    def stop(self) -> None:
        """Drain: the edge first, so that the core can still finish what was accepted."""
        for role in ("edge", "core"):
            process = self.children[role].process
            if process is None or process.poll() is not None:
                continue
            process.send_signal(signal.SIGTERM)
            try:
                code = process.wait(timeout=STOP_SECONDS_MAX)
            except subprocess.TimeoutExpired:
                write_log_line("process_did_not_stop", role=role)
                process.kill()
                code = process.wait()
            if code != exit_codes.OK:
                self.exit_code = exit_codes.FAILED


def child_environment(settings: Settings) -> dict[str, str]:
    """The settings as the environment of a child, so that both read the same."""
    return {
        "HEDGEROW_DATA": str(settings.data.absolute()),
        "HEDGEROW_HOST": settings.host,
        "HEDGEROW_PORT": str(settings.port),
    }


def _check_port_is_free(settings: Settings) -> None:
    """Two servers could share a port without noticing; say it before anything starts."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise StartFailedError(
                f"Cannot listen on {settings.host}:{settings.port}: {error.strerror}. "
                "Choose another port with --port."
            ) from None


def supervise(
    settings: Settings, *, sign_in_token: str, on_ready: Callable[[Welcome], None]
) -> int:
    """Run until SIGTERM or SIGINT; returns the exit code. `on_ready` is called once.

    Raises `UserError` or `StartFailedError` when serving cannot begin.
    """
    prepare_folder(settings.data)
    lock = lock_folder(settings.data)
    _check_port_is_free(settings)
    supervisor = Supervisor(settings, sign_in_token, WelcomePipe())
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: supervisor.stopping.set())
    try:
        supervisor.start()
        _wait_until_ready(supervisor)
        if not supervisor.stopping.is_set():
            on_ready(supervisor.welcome_pipe.receive())
        while not supervisor.stopping.wait(0.05):
            supervisor.watch_once()
    except StartFailedError:
        supervisor.exit_code = exit_codes.CONFIGURATION
    finally:
        supervisor.stop()
        lock.release()
    return supervisor.exit_code


def _wait_until_ready(supervisor: Supervisor) -> None:
    while not supervisor.stopping.wait(0.05) and not is_ready(supervisor.settings):
        supervisor.watch_once()
