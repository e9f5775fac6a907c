"""`hedgerow replay`: make directory and store again from the log.

In place, or into an empty folder that then holds a copy of everything. What was cut off is begun
where it stopped by the next start of the server, since the position is kept as always.
"""

import shutil
import sqlite3
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

from rich.progress import Progress

from hedgerow.core.clock import SystemClock
from hedgerow.core.errors import UserError
from hedgerow.directory.engine import open_directory
from hedgerow.directory.reset import forget_ingested
from hedgerow.folder import lock_folder, prepare_folder
from hedgerow.ingest.deferred_lanes import DeferredLanes
from hedgerow.ingest.enrichment import Enricher
from hedgerow.ingest.loop import IngestLoop
from hedgerow.ingest.maintenance import Maintenance
from hedgerow.log.reader import SegmentLogReader
from hedgerow.settings import Settings, load_settings
from hedgerow.store.client import connect
from hedgerow.store.event_store import ChdbEventStore
from hedgerow.store.session_recordings import SessionRecordingStore
from hedgerow.store.static_cohort_copy import read_lists, write_lists


def run_replay(data: Path | None, into: Path | None, *, partial: bool) -> None:
    """Raises `UserError` where a server runs, or the log no longer begins at its beginning."""
    settings = load_settings(data=data)
    if not settings.directory_path.exists():
        raise UserError(f"There is no Hedgerow data in {settings.data.absolute()}.")
    lock = lock_folder(settings.data)
    try:
        _check_log(settings, partial=partial)
        if into is None:
            _replay(settings, [])
        else:
            lists = read_lists(settings.store_folder)
            _replay(_copied(settings, into), lists)
    finally:
        lock.release()


def _check_log(settings: Settings, *, partial: bool) -> None:
    start = SegmentLogReader(settings.log_folder).start
    if start > 0 and not partial:
        raise UserError(
            f"The log begins at position {start}: what came before was deleted after its time "
            "(HEDGEROW_LOG_RETENTION_DAYS), and would be missing. With --partial it will be."
        )


def _copied(settings: Settings, into: Path) -> Settings:
    """The same data in another folder: the log, and the directory as it is."""
    if into.exists() and any(into.iterdir()):
        raise UserError(f"The folder {into.absolute()} is not empty.")
    prepare_folder(into)
    target = replace(settings, data=into)
    shutil.copytree(settings.log_folder, target.log_folder)
    source, copy = (
        sqlite3.connect(settings.directory_path),
        sqlite3.connect(target.directory_path),
    )
    try:
        source.backup(copy)
    finally:
        source.close()
        copy.close()
    return target


def _replay(settings: Settings, static_cohorts: list[list[Any]]) -> None:
    clock = SystemClock()
    directory = open_directory(settings.directory_path)
    # The directory first: a crash in between leaves rows that are skipped, never rows missing.
    forget_ingested(directory)
    store = ChdbEventStore(settings.store_folder)
    store.forget_ingested()
    write_lists(connect(settings.store_folder), static_cohorts)
    recordings = SessionRecordingStore(connect(settings.store_folder))
    reader = SegmentLogReader(settings.log_folder)
    loop = IngestLoop(
        reader=reader,
        directory=directory,
        store=store,
        enricher=Enricher(settings.geoip_file),
        deferred=DeferredLanes(directory, clock),
        recordings=recordings,
        maintenance=Maintenance(settings.log_folder, directory, recordings, clock, 0, 0),
        start=reader.start,
    )
    try:
        _run(loop, reader.end())
    finally:
        recordings.close()
        store.close()
        directory.close()


def _run(loop: IngestLoop, end: int) -> None:
    stop = threading.Event()
    stop.set()  # nothing more will come, so nothing is waited for
    with Progress() as progress:
        task: Any = progress.add_task("Replaying the log", total=end)
        while loop.step(stop):
            progress.update(task, completed=loop.status().position)
        progress.update(task, completed=end)
