"""Statements that must never reach the engine: it can read and write the host's files."""

import re

import pytest

from hedgerow.core.errors import QueryError
from hedgerow.query.sql import prepare

HOSTILE = [
    "SELECT * FROM file('/etc/passwd')",
    "SELECT * FROM url('http://127.0.0.1', CSV)",
    "SELECT * FROM s3('https://bucket/key')",
    "SELECT * FROM remote('127.0.0.1', system.one)",
    "SELECT * FROM remoteSecure('127.0.0.1', system.one)",
    "SELECT * FROM cluster('default', system.one)",
    "SELECT * FROM merge('default', '.*')",
    "SELECT * FROM merge('.*')",
    "SELECT * FROM numbers(10)",
    "SELECT * FROM input('a String')",
    "SELECT * FROM view(SELECT 1)",
    "SELECT * FROM values('a String', 'x')",
    "SELECT * FROM executable('cat', CSV, 'a String')",
    "SELECT * FROM postgresql('h:1', 'd', 't', 'u', 'p')",
    "SELECT * FROM mysql('h:1', 'd', 't', 'u', 'p')",
    "SELECT * FROM sqlite('/tmp/x', 't')",
    "SELECT * FROM generateRandom('a String')",
    "SELECT * FROM loop(events)",
    "SELECT * FROM system.tables",
    'SELECT * FROM "system"."tables"',
    "SELECT * FROM `system`.`one`",
    "SELECT * FROM information_schema.tables",
    "SELECT * FROM events, system.one",
    "SELECT * FROM events JOIN system.one ON 1 = 1",
    "SELECT * FROM schema_migrations",
    "SELECT * FROM default.events",
    "SELECT * FROM `default.events`",
    "SELECT * FROM events INTO OUTFILE '/tmp/x'",
    "SELECT 1 INTO OUTFILE '/tmp/x' FORMAT CSV",
    "SELECT * FROM events FORMAT JSON",
    "SELECT * FROM events SETTINGS readonly = 0",
    "SELECT * FROM (SELECT 1 SETTINGS readonly = 0)",
    "SELECT 1; SELECT 2",
    "SELECT 1; DROP TABLE events",
    "SELECT 1 /* */; SYSTEM SHUTDOWN",
    "INSERT INTO events SELECT * FROM events",
    "ALTER TABLE events DELETE WHERE 1",
    "DROP TABLE events",
    "TRUNCATE TABLE events",
    "CREATE TABLE x (a String) ENGINE = Memory",
    "ATTACH TABLE x",
    "DETACH TABLE events",
    "SYSTEM FLUSH LOGS",
    "KILL QUERY WHERE 1",
    "SET readonly = 0",
    "USE system",
    "SHOW TABLES",
    "DESCRIBE TABLE events",
    "EXPLAIN AST SELECT 1",
    "EXPLAIN SYNTAX SELECT 1",
    "EXPLAIN PIPELINE SELECT 1",
    "EXPLAIN ESTIMATE SELECT 1 FROM events",
    "EXPLAIN EXPLAIN SELECT 1",
    "EXPLAIN SELECT * FROM file('/etc/passwd')",
    "EXPLAIN SELECT 1; DROP TABLE events",
    "SELECT * FROM person_overrides",
    "SELECT * FROM events e JOIN person_overrides o ON 1 = 1",
    "SELECT __row FROM events",
    "SELECT e.__session_uuid FROM events e",
    "SELECT `__person_properties` FROM events",
    "SELECT session.__session_key FROM events",
    "SELECT __session_key FROM sessions",
    "SELECT __placeholder_0 FROM events",
    "SELECT `__placeholder_0` FROM events",
    "SELECT {missing}",
    "SELECT {a} FROM {b}",
    "SELECT {",
    "SELECT {a: String}",
    "SELECT * FROM (SELECT {1})",
    "SELECT * REPLACE (1 AS uuid) FROM events",
    "SELECT COLUMNS('.*') FROM events",
    "SELECT * APPLY(toString) FROM events",
    "SELECT uuid AS __x FROM events",
    "GRANT ALL ON *.* TO x",
    "OPTIMIZE TABLE events FINAL",
    "BACKUP TABLE events TO Disk('x', 'y')",
    "WITH events AS (SELECT 1) SELECT * FROM events",
    "WITH schema_migrations AS (SELECT 1) SELECT * FROM schema_migrations",
    "SELECT 'a' IN events",
    "SELECT 'a' IN (events)",
    "SELECT 'a' NOT IN events",
    "SELECT event GLOBAL IN events FROM events",
    "SELECT in('a', events)",
    "SELECT dictGet('d', 'a', 1)",
    "SELECT joinGet('t', 'a', 1)",
    "SELECT getSetting('readonly')",
    "SELECT hostName()",
    "SELECT currentDatabase()",
    "SELECT currentUser()",
    "SELECT version()",
    "SELECT sleep(3)",
    "SELECT sleepEachRow(3) FROM events",
    "SELECT file('x')",
    "SELECT catboostEvaluate('m', 1)",
    "SELECT initializeAggregation('count', 1)",
    "SELECT getMacro('x')",
    "SELECT fuzzBits('a', 0.5)",
    "SELECT addressToLine(1)",
    "SELECT demangle('x')",
    "SELECT event FROM events WHERE event IN (SELECT name FROM system.tables)",
    "SELECT (SELECT count() FROM system.tables)",
    "SELECT event FROM events UNION ALL SELECT name FROM system.tables",
    "SELECT event FROM events ORDER BY (SELECT 1 FROM file('x'))",
    "SELECT __hot_browser FROM events",
    "SELECT {name:String}",
    "SELECT * FROM events SAMPLE 0.1",
    "SELECT 1 LIMIT (SELECT count() FROM events)",
    "",
    "   ",
    "-- nothing",
    "(" * 5000 + "1" + ")" * 5000,
    "SELECT " + "f(" * 300 + "1" + ")" * 300,
    "SELECT '" + "x" * 200_000 + "'",
]


@pytest.mark.parametrize("statement", HOSTILE, ids=lambda text: text[:50])
def test_a_hostile_statement_is_refused_with_a_reason(statement: str) -> None:
    with pytest.raises(QueryError) as refused:
        prepare(statement, project_id=1)

    assert refused.value.detail


def test_every_table_in_the_printed_text_is_confined_to_the_project() -> None:
    sql = (
        "WITH a AS (SELECT distinct_id FROM events) SELECT e.event, p.id FROM events e "
        "JOIN persons p ON e.person_id = p.id WHERE e.distinct_id IN (SELECT distinct_id FROM a) "
        "UNION ALL SELECT event, person_id FROM (SELECT * FROM events) "
        "WHERE (SELECT count() FROM person_distinct_ids) > 0"
    )

    printed = prepare(sql, project_id=77).sql

    tables = re.findall(r"FROM (\w+)(?: FINAL)? WHERE project_id = 77", printed)
    assert tables.count("events") == 3
    assert set(tables) == {"events", "persons", "person_distinct_ids", "person_overrides"}
    # `a` is the name of the WITH.
    assert len(tables) == len(re.findall(r"FROM (?!a\b)\w", printed))
