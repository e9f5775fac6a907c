"""The command: which checks run, how their findings are shown, and the exit code."""

from collections.abc import Iterator

from hedgerow import exit_codes
from hedgerow.commands.doctor.directory_checks import directory_checks
from hedgerow.commands.doctor.finding import Finding, Verdict
from hedgerow.commands.doctor.folder_checks import folder_checks
from hedgerow.commands.doctor.log_checks import log_checks
from hedgerow.commands.doctor.server_checks import running_checks, stopped_checks
from hedgerow.commands.doctor.store_checks import store_checks
from hedgerow.commands.output import print_json, print_table
from hedgerow.core.clock import Clock, SystemClock
from hedgerow.core.errors import UserError
from hedgerow.folder import FolderLock, lock_folder
from hedgerow.settings import Settings


def run_doctor(settings: Settings, *, as_json: bool) -> int:
    """The exit code: 0 where nothing is wrong, 1 where something is.

    Raises `UserError` where there is no data folder.
    """
    found = list(findings(settings, SystemClock()))
    is_wrong = any(finding.verdict is Verdict.WRONG for finding in found)
    if as_json:
        print_json({"ok": not is_wrong, "findings": [finding._asdict() for finding in found]})
    else:
        print_table(["Check", "", "Found", "What to do"], found)
    return exit_codes.FAILED if is_wrong else exit_codes.OK


def findings(settings: Settings, clock: Clock) -> Iterator[Finding]:
    """Without a server, the folder is held meanwhile, so that none starts between two checks."""
    if not settings.data.is_dir():
        raise UserError(
            f"There is no data folder {settings.data.absolute()}. "
            "Name it with --data, or start the server: it makes one."
        )
    lock = _lock(settings)
    try:
        yield from folder_checks(settings, clock)
        yield from running_checks(settings) if lock is None else stopped_checks(settings)
        yield from log_checks(settings.log_folder)
        yield from directory_checks(settings, clock)
        if lock is not None:
            yield from store_checks(settings)
    finally:
        if lock is not None:
            lock.release()


def _lock(settings: Settings) -> FolderLock | None:
    """None where a server holds the folder."""
    try:
        return lock_folder(settings.data)
    except UserError:
        return None
