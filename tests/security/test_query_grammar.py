"""Generated queries, legal and hostile: nothing of another project ever comes out.

Each query that is not refused runs on the real engine beside another project whose every value has
a marker in it.
"""

import itertools
import re
import uuid
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlglot
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hedgerow.core import json
from hedgerow.core.errors import QueryError
from hedgerow.query.functions import ALLOWED_FUNCTIONS, KEYWORDS
from hedgerow.query.lexing import called_names
from hedgerow.query.runner import QueryLimits, QueryRunner
from hedgerow.query.sql import QueryOptions, prepare
from hedgerow.store.client import connect
from hedgerow.store.event_store import ChdbEventStore
from hedgerow.store.rows import DistinctIdRow, EventRow, PersonRow, hot_values
from hedgerow.store.schema import TABLES

MARKER = "FOREIGN"
MINE, OTHER = 860_001, 860_002
NOW_US = 1_780_000_000_000_000
SESSION = "019cadfd-8900-7001-8000-000000000001"
# Functions and types in the text that stands for a table; none reads anything but a row.
_OURS = """
JSONExtract toUUID empty if min max argMin argMax countIf arraySort groupUniqArrayIf bitOr
bitShiftLeft toUInt128 toUnixTimestamp64Micro cityHash64 dateDiff path domain length toBool toString
toIntervalDay toDateTime64 multiIf position match transform splitByChar endsWith startsWith
substring lowerUTF8 ifNull JOIN DateTime64 Nullable
"""
_PRINTED = {name.lower() for name in _OURS.split()} | ALLOWED_FUNCTIONS | KEYWORDS


def fill(store: ChdbEventStore, project_id: int, word: str) -> None:
    properties = {"a": word, "n": 5, "$session_id": SESSION, "$group_0": word, "$current_url": word}
    person_id = uuid.uuid5(uuid.NAMESPACE_URL, word).bytes
    store.insert_events(
        [
            EventRow(
                uuid=str(uuid.uuid4()),
                project_id=project_id,
                event=word,
                distinct_id=word,
                person_id=person_id,
                timestamp_us=NOW_US,
                received_at_us=NOW_US,
                properties=json.encode(properties),
                person_properties=json.encode({"a": word}),
                person_created_at_us=NOW_US,
                person_mode="full",
                elements_chain=word,
                historical_migration=False,
                log_position=4 * 10**12 + project_id,
                log_index=0,
                hot=hot_values(properties),
            )
        ]
    )
    store.insert_persons(
        [PersonRow(project_id, person_id, NOW_US, json.encode({"a": word}), True, 1)],
        [DistinctIdRow(project_id, word, person_id, 1)],
    )
    # The same keys in both projects: a join that forgot the project would mix them.
    store._client.insert(
        "groups",
        [[project_id, 0, "mine", f'{{"a":"{word}"}}', datetime.now(UTC), 1, 0]],
        column_names=[
            *("project_id", "group_type_index", "group_key", "properties", "created_at"),
            *("version", "is_deleted"),
        ],
    )


@pytest.fixture(scope="module")
def guarded(event_store: ChdbEventStore) -> QueryRunner:
    fill(event_store, MINE, "mine")
    fill(event_store, OTHER, MARKER)
    return QueryRunner(
        lambda: connect(event_store._folder), QueryLimits(seconds_max=2, bytes_max=256 * 2**20)
    )


tables = st.sampled_from(
    ("events", "persons", "groups", "sessions", "person_distinct_ids", '"events"', "`sessions`")
)
foreign_tables = st.sampled_from(
    (
        *TABLES,
        *("system.tables", "default.events", "`default`.events", "information_schema.tables"),
        *("numbers(5)", "file('/etc/passwd')", "merge('.*')", "remote('127.0.0.1', system.one)"),
        *("url('http://127.0.0.1/', CSV)", "view(SELECT 1)", "cluster('default', system.one)"),
        *(
            "events FINAL",
            "events SAMPLE 1",
            "c",
            "schema_migrations",
            "\u0435vents",
            "events\u200b",
        ),
    )
)
columns = st.sampled_from(
    (
        *("event", "distinct_id", "properties", "properties.a", "properties['n']", "$session_id"),
        *("person_id", "person.properties.a", "current_person.properties", "t.event", "u.event"),
        *(
            "pdi.person.properties.a",
            "group_0.properties.a",
            "session.$urls",
            "session.distinct_id",
        ),
        *("key", "id", "session_id", "$urls", "index", "1", "'x'", "NULL", "*", "t.*", "x"),
        *("project_id", "__session_uuid", "log_position", "_part", "_table", "tupleElement(t, 1)"),
        *("{value}", "{values}", "{missing}", "{filters}"),
    )
)
functions = st.sampled_from(
    (
        *("count", "uniq", "groupArray", "any", "max", "toString", "lower", "length", "arrayJoin"),
        *("tuple", "array", "hex", "topK", "argMax", "assumeNotNull", "coalesce", "concat"),
        *("dictGet", "joinGet", "getSetting", "hostName", "file", "sleep", "currentDatabase"),
        *("`dictGet`", "FILE", "in", "evalMLMethod", "initializeAggregation", "toInt64"),
    )
)
comments = st.sampled_from(("", " ", "/* x */", "-- x\n", "/* ' */", "/*/**/", "\t", "\u00a0"))
operators = st.sampled_from(("=", "!=", "<", "LIKE", "IN", "NOT IN", "AND", "OR", "||", "+", "->"))


def _expressions(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    calls = st.builds("{}({})".format, functions, inner)
    pairs = st.builds("{} {} {}".format, inner, operators, inner)
    named = st.builds("{} AS {}".format, inner, st.sampled_from(("x", "event", "project_id", "t")))
    lists = st.builds("({}, {})".format, inner, inner)
    lambdas = st.builds("arrayMap(x -> {}, [{}])".format, inner, inner)
    return calls | pairs | named | lists | lambdas


expressions = st.recursive(columns, _expressions, max_leaves=4)


def _sources(queries: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    plain = tables | st.builds("{} AS t".format, tables) | foreign_tables
    nested = st.builds("({}) AS t".format, queries)
    kinds = st.sampled_from(
        (",", "JOIN", "LEFT JOIN", "CROSS JOIN", "ARRAY JOIN", "GLOBAL ANY JOIN")
    )
    joined = st.builds(
        "{} AS t {} {} AS u {}".format,
        tables,
        kinds,
        plain,
        st.sampled_from(("ON 1 = 1", "", "USING (distinct_id)", "ON t.event = u.event")),
    )
    return plain | nested | joined


def _queries(queries: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    selects = st.builds(
        "SELECT{} {} FROM {}{}".format,
        comments,
        expressions,
        _sources(queries),
        st.sampled_from(
            (
                *("", " LIMIT 3", " GROUP BY 1", " ORDER BY 1", " WHERE event IN {values}"),
                *(" SETTINGS readonly = 0", " FORMAT JSON", " INTO OUTFILE '/tmp/x'", "; SELECT 1"),
                *(
                    " WHERE event IN c",
                    " WHERE event IN (SELECT event FROM events)",
                    " LIMIT 1 BY x",
                ),
                *(" PREWHERE 1", " QUALIFY 1", " UNION ALL SELECT 1", " EXCEPT SELECT 'mine'"),
            )
        ),
    )
    common = st.builds(
        "WITH {} AS ({}) {}".format,
        st.sampled_from(("c", "events", "persons", "t", "groups", "person_overrides")),
        queries,
        selects,
    )
    unions = st.builds("{} UNION ALL {}".format, selects, queries)
    filtered = st.builds("SELECT event FROM events t WHERE {} IN ({})".format, expressions, queries)
    explained = st.builds("EXPLAIN {}".format, selects)
    return selects | common | unions | filtered | explained


generated = st.recursive(st.just("SELECT event FROM events"), _queries, max_leaves=4)


@settings(
    max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(generated)
def test_nothing_of_another_project_comes_out(guarded: QueryRunner, sql: str) -> None:
    options = QueryOptions(values={"value": "mine", "values": ["mine", MARKER.lower()]})
    try:
        prepared = prepare(sql, project_id=MINE, options=options)
        read = re.findall(r"\bFROM (\w+)(?: FINAL)?(?: WHERE project_id = (\d+))?", prepared.sql)
        stored = [(table, project) for table, project in read if table in TABLES]
        assert {project for _, project in stored} <= {str(MINE)}, prepared.sql
        assert {table for table, _ in read} - set(TABLES) <= {"c", "t"}
        assert {name.lower() for name in called_names(prepared.sql)} <= _PRINTED
        result = guarded.run(prepared)
        answer = json.encode([result.columns, result.rows])
    except QueryError as refused:
        answer = refused.detail.encode()
    assert MARKER.encode() not in answer


@settings(max_examples=200, deadline=None)
@given(generated)
def test_what_is_printed_parses_to_itself(sql: str) -> None:
    """No text means one thing to our parser and another to the engine's reader of it."""
    try:
        printed = prepare(sql, project_id=MINE, options=QueryOptions(values={"value": 1})).sql
    except QueryError:
        return
    text = printed.removeprefix("EXPLAIN ")
    (again,) = sqlglot.parse(text, dialect="clickhouse")
    assert again is not None
    tables_read = [table.name for table in again.find_all(sqlglot.exp.Table)]
    assert text.count("project_id = 860001") == len(tables_read) - _common_uses(again)


def _common_uses(tree: Any) -> int:
    names = {cte.alias for cte in tree.find_all(sqlglot.exp.CTE)}
    return sum(table.name in names for table in tree.find_all(sqlglot.exp.Table))


BOMBS = {
    "an exploding array": "SELECT arrayJoin(range(100000000)) AS n, arrayJoin(range(100000000)) FROM events",
    "a large array": "SELECT length(range(4000000000))",
    "a long text": "SELECT length(repeat(repeat('x', 1000000), 100000))",
    "a product of tables": "SELECT count() FROM "
    + ", ".join(f"(SELECT arrayJoin(range(1000)) AS n{i}) AS t{i}" for i in range(6)),
    "a pattern": "SELECT match(repeat('a', 100000), '(a*)*(a*)*(a*)*(a*)*b') FROM events",
    "many groups": "SELECT groupArray(n) FROM (SELECT arrayJoin(range(1000000000)) AS n)",
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_ends_at_a_limit(guarded: QueryRunner, name: str) -> None:
    """It is refused, or answered within the limits of time and memory; nothing else happens."""
    code = refusal_code(guarded, BOMBS[name])

    assert code in {None, "query_timeout", "query_memory_limit", "query_row_limit", "invalid_input"}
    assert guarded.run(prepare("SELECT event FROM events", project_id=MINE)).rows == [["mine"]]


def refusal_code(runner: QueryRunner, sql: str) -> str | None:
    try:
        runner.run(prepare(sql, project_id=MINE))
    except QueryError as refused:
        return refused.code
    return None


@pytest.mark.parametrize("values", [10_000, 10_001])
def test_a_list_of_values_has_a_limit(guarded: QueryRunner, values: int) -> None:
    options = QueryOptions(values={"values": list(itertools.islice(itertools.count(), values))})
    sql = "SELECT count() FROM events WHERE properties.n IN {values}"
    if values > 10_000:
        with pytest.raises(QueryError, match="at most 10000"):
            prepare(sql, project_id=MINE, options=options)
    else:
        prepare(sql, project_id=MINE, options=options)


@pytest.mark.parametrize("depth", [50, 500, 5000])
def test_deep_nesting_is_refused_or_runs(guarded: QueryRunner, depth: int) -> None:
    for sql in (
        "SELECT " + "(" * depth + "1" + ")" * depth,
        "SELECT " + "NOT " * depth + "1",
        "SELECT * FROM " + "(SELECT * FROM " * depth + "events" + ")" * depth,
        "SELECT " + "[" * depth + "]" * depth,
        "SELECT 1" + " + 1" * depth,
        "SELECT 1" + " UNION ALL SELECT 1" * depth,
        "SELECT properties" + ".a" * depth + " FROM events",
    ):
        assert refusal_code(guarded, sql) in {None, "invalid_input"}, sql[:100]
