"""The one engine that a process may have, shared by all tests of a run.

Tests keep apart by the project ids that they use.
"""

from collections.abc import Iterator

import pytest

from hedgerow.directory.engine import open_directory
from hedgerow.query.promotions import Promotions
from hedgerow.query.runner import QueryLimits, QueryRunner
from hedgerow.store.client import connect
from hedgerow.store.event_store import ChdbEventStore
from hedgerow.store.promotion import ColumnPromotion
from hedgerow.store.session_recordings import SessionRecordingStore


@pytest.fixture(scope="session")
def event_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChdbEventStore]:
    store = ChdbEventStore(tmp_path_factory.mktemp("engine") / "store")
    yield store
    store.close()


@pytest.fixture(scope="session")
def promotions(
    event_store: ChdbEventStore, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Promotions]:
    columns = ColumnPromotion(lambda: connect(event_store._folder))
    directory = open_directory(tmp_path_factory.mktemp("promotions") / "directory.db")
    yield Promotions(columns, directory)
    directory.close()
    columns.close()


@pytest.fixture(scope="session")
def query_runner(
    event_store: ChdbEventStore, tmp_path_factory: pytest.TempPathFactory
) -> QueryRunner:
    folder = tmp_path_factory.getbasetemp() / "engine0" / "store"
    return QueryRunner(lambda: connect(folder), QueryLimits())


@pytest.fixture(scope="session")
def recording_store(
    event_store: ChdbEventStore, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SessionRecordingStore]:
    folder = tmp_path_factory.getbasetemp() / "engine0" / "store"
    store = SessionRecordingStore(connect(folder))
    yield store
    store.close()
