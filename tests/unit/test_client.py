"""`hedgerow.connect`: the folder of a stopped server, read here by a process of its own."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import hedgerow
from hedgerow.core.errors import UserError
from hedgerow.folder import lock_folder, prepare_folder

# The engine takes one folder a process, and this one has the suite's.
_MAKE = """
import sys
from pathlib import Path
from hedgerow.build_core import build_core
from hedgerow.settings import Settings
core = build_core(Settings(data=Path(sys.argv[1])), sign_in_token="")
core.close()
"""
_ASK = """
import json, sys
import hedgerow
with hedgerow.connect(sys.argv[1]) as connection:
    result = connection.sql("SELECT {word} AS word, count() AS n FROM events", word="it's")
    print(json.dumps([
        result.rows(), result.columns, len(result), result.has_more,
        result.to_pandas().to_dict("list"), result.to_polars().to_dict(as_series=False),
        result.to_arrow().num_rows,
    ]))
"""


def run(code: str, folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code, str(folder)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_folder_of_a_stopped_server_is_read_directly(tmp_path: Path) -> None:
    run(_MAKE, tmp_path)

    answer = json.loads(run(_ASK, tmp_path))

    columns = {"word": ["it's"], "n": [0]}
    assert answer == [[{"word": "it's", "n": 0}], ["word", "n"], 1, False, columns, columns, 1]


def test_a_locked_folder_says_who_has_it(tmp_path: Path) -> None:
    prepare_folder(tmp_path)
    (tmp_path / "store").mkdir()
    (tmp_path / "directory.sqlite").touch()
    lock = lock_folder(tmp_path)

    with pytest.raises(UserError, match="is using the data folder"):
        hedgerow.connect(tmp_path)

    lock.release()


def test_what_is_no_folder_and_no_address_is_said(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="neither an address"):
        hedgerow.connect(tmp_path / "missing")
    with pytest.raises(UserError, match="There is no Hedgerow data"):
        hedgerow.connect(tmp_path)


def test_a_server_needs_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HEDGEROW_PERSONAL_API_KEY", raising=False)

    with pytest.raises(UserError, match="needs a personal key"):
        hedgerow.connect("http://127.0.0.1:1")


def test_a_server_that_is_not_there_is_named() -> None:
    connection = hedgerow.connect("http://127.0.0.1:1", key="phx_x")

    with pytest.raises(UserError, match=r"No server answers at http://127\.0\.0\.1:1"):
        connection.sql("SELECT 1")
