"""What docs/sql.md says is true, on a real server: its examples, columns, functions and commands."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import requests

import hedgerow
from hedgerow.core.errors import QueryError
from hedgerow.query.functions import SHOWN_FUNCTIONS
from hedgerow.query.sessions import session_columns
from hedgerow.query.tables import VISIBLE_TABLES
from hedgerow.testing.server import HedgerowServer

DOCS = (Path(__file__).parents[2] / "docs" / "sql.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```sql\n(.*?)```", DOCS, re.DOTALL)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HedgerowServer]:
    with HedgerowServer(tmp_path_factory.mktemp("sql") / "data") as running:
        events = [
            {"event": "paid", "distinct_id": "ada", "properties": {"plan": "pro"}},
            {"event": "left", "distinct_id": "bob", "properties": {}},
        ]
        body = {"api_key": running.project_key, "batch": events}
        requests.post(f"{running.url}/batch/", json=body, timeout=30).raise_for_status()
        running.wait_until_ingested()
        yield running


def command(server: HedgerowServer, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "hedgerow", *arguments, "--data", str(server.data)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("sql", EXAMPLES)
def test_an_example_of_the_docs_runs(server: HedgerowServer, sql: str) -> None:
    server.query(sql)


def test_the_docs_name_every_column_and_function() -> None:
    words = set(re.findall(r"[\w$]+", DOCS))
    columns = {name for table in VISIBLE_TABLES.values() for name in table.columns}
    abbreviated = {
        name for name in session_columns() if name.startswith(("$entry_", "$exit_", "$geoip_"))
    }

    assert columns - abbreviated - words == set()
    assert set(SHOWN_FUNCTIONS) - words == set()


def test_the_command_line_writes_files_and_takes_values(
    server: HedgerowServer, tmp_path: Path
) -> None:
    sql = "SELECT event, properties.plan AS plan FROM events WHERE event = {name}"
    output = tmp_path / "answer.parquet"

    command(
        server, "query", sql, "--param", "name=paid", "--format", "parquet", "--output", str(output)
    )
    text = command(server, "query", sql, "--param", "name=paid", "--format", "csv")

    assert pq.read_table(output).to_pylist() == [{"event": "paid", "plan": "pro"}]
    assert text.splitlines() == ["event,plan", "paid,pro"]


def test_python_asks_a_server_by_its_address_and_by_its_folder(server: HedgerowServer) -> None:
    sql = "SELECT event FROM events ORDER BY event"

    for connection in (
        hedgerow.connect(server.url, key=server.personal_key),
        hedgerow.connect(server.data),
    ):
        with connection:
            assert connection.sql(sql).rows() == [{"event": "left"}, {"event": "paid"}]
            with pytest.raises(QueryError, match="did you mean `event`"):
                connection.sql("SELECT evnt FROM events")


def test_a_property_is_promoted_from_the_command_line(server: HedgerowServer) -> None:
    sql = "SELECT properties.plan AS plan FROM events ORDER BY plan"
    before = server.query(sql)

    assert "plan gets a column (String)" in command(server, "property", "promote", "plan")
    assert '"name": "plan"' in command(server, "property", "status", "--json")
    assert server.query(sql) == before
    command(server, "property", "demote", "plan")
    assert command(server, "property", "list", "--json").strip() == "[]"
    assert server.query(sql) == before
