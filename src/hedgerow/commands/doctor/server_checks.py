"""The server: do its processes run, do they answer, and if none runs, could one start."""

import json
import os
import socket
from collections.abc import Iterator

from hedgerow.commands.doctor.finding import Finding, ok, warning, wrong
from hedgerow.commands.local_server import LocalServer
from hedgerow.commands.sizes import age, size
from hedgerow.core.errors import UserError
from hedgerow.probe import core_answers, edge_answers
from hedgerow.settings import Settings

_LAG_SECONDS_MAX = 60


def running_checks(settings: Settings) -> Iterator[Finding]:
    """Of a server that holds the folder."""
    yield _processes(settings)
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host  # noqa: S104
    where = f"{settings.host}:{settings.port}"
    if edge_answers(host, settings.port):
        yield ok("capture", f"answers on {where}")
    else:
        yield wrong(
            "capture",
            f"nobody answers on {where}",
            "if the server was started with --host or --port, say the same here; "
            "else look at its log",
        )
    if not core_answers(settings.core_socket):
        yield wrong(
            "queries",
            "the query side is not ready; capture goes on without it",
            "hedgerow status, and the server's log, say why",
        )
        return
    yield ok("queries", "ready")
    yield _progress(settings)


def _processes(settings: Settings) -> Finding:
    try:
        ids: dict[str, int] = json.loads((settings.data / "pids.json").read_text())
    except (OSError, ValueError):
        return warning("processes", "pids.json cannot be read", "wait a moment, then ask again")
    missing = {"supervisor", "edge", "core"} - {name for name, pid in ids.items() if _lives(pid)}
    if missing:
        return warning(
            "processes",
            f"not running just now: {', '.join(sorted(missing))}",
            "they are started again; if this stays, the server's log says why they end",
        )
    return ok("processes", "supervisor, edge and core run")


def _lives(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _progress(settings: Settings) -> Finding:
    try:
        status = LocalServer(settings.data).get("/_status")
    except UserError as error:
        return wrong("lag", str(error), "look at the server's log")
    ingest = status["ingest"]
    found = f"{size(ingest['waiting_bytes'])} wait, {age(ingest['lag_seconds'])} behind"
    if ingest["last_error"]:
        return wrong("lag", f"{found}; {ingest['last_error']}", "it is tried again; see the log")
    if ingest["lag_seconds"] > _LAG_SECONDS_MAX:
        return warning("lag", found, "more arrives than is ingested: give it more processor time")
    return ok("lag", found)


def stopped_checks(settings: Settings) -> Iterator[Finding]:
    yield ok("server", "none runs on this folder")
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    where = f"{settings.host}:{settings.port}"
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            yield warning(
                "port",
                f"a server could not listen on {where}: {error.strerror}",
                "choose another with --port, or end who listens there",
            )
        else:
            yield ok("port", f"{where} is free")
