"""SQL over HTTP: values, formats, promotion, and what is refused."""

import csv
import io
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hedgerow.query.promotions import Promotions

from .conftest import Api

ARROW = "application/vnd.apache.arrow.stream"
PARQUET = "application/vnd.apache.parquet"
SQL = "SELECT event, properties.n AS n, uuid, timestamp FROM events ORDER BY timestamp"


def ask(api: Api, sql: str, accept: str = "application/json", **fields: Any) -> Any:
    return api.client.post(
        f"/api/projects/{api.project_id}/query",
        json={"query": {"kind": "HogQLQuery", "query": sql, **fields}},
        headers={"accept": accept},
    )


def test_the_same_rows_come_in_every_format(api: Api) -> None:
    api.add_event("one", n=1)
    api.add_event("=two()", n=None)

    rows = ask(api, SQL).json()["results"]
    arrow = ask(api, SQL, f"{ARROW}, application/json")
    parquet = ask(api, SQL, PARQUET)
    text = ask(api, SQL, "text/csv")

    table = pa.ipc.open_stream(arrow.content).read_all()
    assert table.column_names == ["event", "n", "uuid", "timestamp"]
    assert [list(row.values())[:3] for row in table.to_pylist()] == [row[:3] for row in rows]
    assert pq.read_table(io.BytesIO(parquet.content)).equals(table)
    assert list(csv.reader(io.StringIO(text.text)))[1:] == [
        ["one", "1", *rows[0][2:]],
        ["'=two()", "", *rows[1][2:]],
    ]
    assert arrow.headers["content-type"] == ARROW
    assert text.headers["content-type"].startswith("text/csv")
    assert parquet.headers["x-has-more"] == "false"


def test_a_file_has_all_rows_and_tells_of_more(api: Api) -> None:
    for _ in range(3):
        api.add_event()

    assert ask(api, "SELECT event FROM events", "text/csv").headers["x-has-more"] == "false"
    limited = ask(api, "SELECT event FROM events LIMIT 2", "text/csv")
    assert limited.headers["x-has-more"] == "true"
    assert len(limited.text.splitlines()) == 3


def test_an_error_is_json_whatever_was_asked_for(api: Api) -> None:
    refused = ask(api, "SELECT colour FROM events", ARROW)

    assert refused.status_code == 400
    assert "no column `colour`" in refused.json()["detail"]


@pytest.mark.parametrize("sql", ["SELECT", "SELECT FROM events", "SELECT 1 UNION ALL SELECT"])
def test_a_select_of_nothing_is_refused(api: Api, sql: str) -> None:
    assert ask(api, sql).json()["detail"] == "A SELECT names no columns."


def test_an_answer_without_rows_has_its_columns(api: Api) -> None:
    table = pa.ipc.open_stream(ask(api, SQL, ARROW).content).read_all()

    assert table.column_names == ["event", "n", "uuid", "timestamp"]


def test_values_variables_and_filters_fill_a_query(api: Api) -> None:
    api.add_event("one")
    api.add_event("two")
    sql = "SELECT event FROM events WHERE event = {name} AND {filters} LIMIT {variables.most}"
    fields: dict[str, Any] = {
        "values": {"name": "two"},
        "variables": {"01": {"code_name": "most", "value": 5}},
        "filters": {"dateRange": {"date_from": "2020-01-01", "date_to": "2100-01-01T00:00:00Z"}},
    }

    assert ask(api, sql, **fields).json()["results"] == [["two"]]
    fields["filters"] = {"dateRange": {"date_to": "2020-01-01"}}
    assert ask(api, sql, **fields).json()["results"] == []


@pytest.mark.parametrize(
    ("date_range", "count"),
    [
        ({"date_from": "-1d"}, 1),
        ({"date_from": "+1d"}, 0),
        ({"date_from": "all", "date_to": "-1yEnd"}, 0),
        ({"date_from": "mStart", "date_to": None}, 1),
    ],
)
def test_dates_may_be_as_relative_as_those_of_an_insight(
    api: Api, date_range: dict[str, Any], count: int
) -> None:
    api.add_event("one")
    sql = "SELECT count() FROM events WHERE {filters}"

    answer = ask(api, sql, filters={"dateRange": date_range}).json()

    assert answer["results"] == [[count]]


@pytest.mark.parametrize(
    ("fields", "attribute"),
    [
        ({"values": []}, "query.values"),
        ({"filters": []}, "query.filters"),
        ({"filters": {"properties": [{"key": "a"}]}}, "query.filters.properties.0.value"),
        ({"filters": {"filterTestAccounts": "yes"}}, "query.filters.filterTestAccounts"),
        ({"filters": {"dateRange": {"date_from": "soon"}}}, "query.filters.dateRange.date_from"),
        ({"filters": {"dateRange": {"date_to": 7}}}, "query.filters.dateRange.date_to"),
        ({"variables": "x"}, "query.variables"),
    ],
)
def test_a_wrong_field_is_named(api: Api, fields: dict[str, Any], attribute: str) -> None:
    refused = ask(api, "SELECT 1", **fields)

    assert refused.status_code == 400
    assert refused.json()["attr"] == attribute


def test_explain_is_answered_as_lines(api: Api) -> None:
    answer = ask(api, "SELECT event FROM events", explain=True).json()

    assert answer["columns"] == ["explain"]
    assert any("ReadFromMergeTree" in line for line in answer["explain"])


def test_a_property_is_promoted_shown_and_demoted(api: Api, promotions: Promotions) -> None:
    path = f"/api/projects/{api.project_id}/promoted_properties"
    api.add_event(n=5)

    made = api.client.post(path, json={"name": "n", "type": "Numeric"})
    again = api.client.post(path, json={"name": "n", "type": "Numeric"})
    listed = api.client.get(path).json()["results"]

    assert made.status_code == again.status_code == 202
    assert [(item["name"], item["scope"], item["type"]) for item in listed] == [
        ("n", "event", "Numeric")
    ]
    assert ask(api, "SELECT sum(properties.n) FROM events").json()["results"] == [[5.0]]
    assert api.client.delete(f"{path}?name=n").status_code == 204
    assert api.client.delete(f"{path}?name=n").status_code == 404
    assert len(promotions.promoted()) == 0


@pytest.mark.parametrize(
    ("body", "attribute"),
    [
        ({}, "name"),
        ({"name": "$browser"}, "name"),
        ({"name": "x", "scope": "group"}, "scope"),
        ({"name": "x", "type": "Json"}, "type"),
    ],
)
def test_what_cannot_be_promoted_is_refused(api: Api, body: dict[str, Any], attribute: str) -> None:
    refused = api.client.post(f"/api/projects/{api.project_id}/promoted_properties", json=body)

    assert refused.status_code == 400
    assert refused.json()["attr"] == attribute


def test_properties_that_queries_read_are_suggested(api: Api) -> None:
    # An answer from the cache reads nothing, and so does not count.
    for limit in (1, 2, 3):
        ask(api, f"SELECT properties.asked_often FROM events LIMIT {limit}")

    path = f"/api/projects/{api.project_id}/promoted_properties/suggestions"
    suggested = {item["name"]: item for item in api.client.get(path).json()["results"]}

    assert suggested["asked_often"]["queries"] == 3


def asked(api: Api, **query: Any) -> Any:
    return api.client.post(f"/api/projects/{api.project_id}/query", json={"query": query})


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"query": "SELECT event FROM events"}, None),
        ({"query": "SELECT colour FROM events"}, "no column `colour`"),
        ({"query": "SELECT"}, "names no columns"),
        ({"query": "SELECT sleep(1)"}, "no function `sleep`"),
        (
            {
                "query": "SELECT {variables.n}",
                "variables": {"1": {"code_name": "n", "value": 1}},
            },
            None,
        ),
        ({"query": "properties.a > 1", "language": "hogQLExpr"}, None),
        ({"query": "properties.a >", "language": "hogQLExpr"}, "could not be parsed"),
    ],
)
def test_an_editor_learns_whether_sql_can_be_run(
    api: Api, query: dict[str, Any], message: str | None
) -> None:
    answer = asked(api, kind="HogQLMetadata", **query).json()

    assert (answer["query"], answer["isValid"]) == (query["query"], message is None)
    assert [message in error["message"] for error in answer["errors"] if message] == (
        [] if message is None else [True]
    )


def test_a_language_that_is_none_is_refused(api: Api) -> None:
    refused = asked(api, kind="HogQLMetadata", query="SELECT 1", language="sql")

    assert (refused.status_code, refused.json()["attr"]) == (400, "query.language")


def test_the_tables_are_told_with_the_types_of_their_columns(api: Api) -> None:
    tables = asked(api, kind="DatabaseSchemaQuery").json()["tables"]

    assert set(tables) == {"events", "persons", "groups", "sessions", "person_distinct_ids"}
    types = {name: item["type"] for name, item in tables["events"]["fields"].items()}
    assert types["timestamp"] == "datetime"
    assert (types["event"], types["properties"], types["person_id"]) == ("string", "json", "uuid")
    sessions = tables["sessions"]["fields"]
    assert sessions["$session_duration"]["type"] == "integer"
    assert sessions["$is_bounce"]["type"] == "boolean"
