"""The store's tables (design §5) as numbered migrations.

`events` is sorted so that one project's day and event lie together; its sorting key is what makes
two rows the same event (ingestion §10), and the row that came later in the log wins.
Both fsync settings stand on every table: without them the engine loses what it acknowledged in a
power cut (reliability §1.1).
"""

from typing import Final

from hedgerow.store.rows import HOT_STRING_PROPERTIES, LATER_HOT_COLUMNS

DURABLE_SETTINGS: Final = {"fsync_after_insert": "1", "fsync_part_directory": "1"}

_SETTINGS = "SETTINGS " + ", ".join(f"{name} = {value}" for name, value in DURABLE_SETTINGS.items())
# A part in one file for all columns is written in three quarters of the time and half the memory.
_COMPACT_PART_BYTES_MAX: Final = 128 * 1024 * 1024
_HOT_COLUMNS = ",\n  ".join(
    f"{name} Nullable(String) CODEC(ZSTD(1))"
    if name in ("current_url", "referrer", "session_id", "window_id", "pathname")
    else f"{name} LowCardinality(Nullable(String))"
    for name in HOT_STRING_PROPERTIES
    if name not in LATER_HOT_COLUMNS
)

_EVENTS = f"""
CREATE TABLE IF NOT EXISTS events (
  uuid UUID,
  project_id Int64,
  event LowCardinality(String),
  distinct_id String CODEC(ZSTD(1)),
  person_id UUID,
  timestamp DateTime64(6, 'UTC'),
  received_at DateTime64(6, 'UTC'),
  properties String CODEC(ZSTD(1)),
  person_properties String CODEC(ZSTD(1)),
  person_created_at DateTime64(6, 'UTC'),
  person_mode Enum8('full' = 0, 'propertyless' = 1, 'force_upgrade' = 2),
  elements_chain String CODEC(ZSTD(1)),
  historical_migration UInt8,
  log_position Int64 CODEC(Delta, ZSTD(1)),
  log_index Int32,
  {_HOT_COLUMNS},
  INDEX log_position_range log_position TYPE minmax GRANULARITY 1
)
ENGINE = ReplacingMergeTree(log_position)
PARTITION BY toYYYYMM(timestamp)
ORDER BY (project_id, toDate(timestamp), event, cityHash64(distinct_id), cityHash64(uuid))
{_SETTINGS}, min_bytes_for_wide_part = {_COMPACT_PART_BYTES_MAX}
"""

_PERSONS = f"""
CREATE TABLE IF NOT EXISTS persons (
  project_id Int64,
  id UUID,
  created_at DateTime64(6, 'UTC'),
  properties String CODEC(ZSTD(1)),
  is_identified UInt8,
  version Int64,
  is_deleted UInt8
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (project_id, id)
{_SETTINGS}
"""

_PERSON_DISTINCT_IDS = f"""
CREATE TABLE IF NOT EXISTS person_distinct_ids (
  project_id Int64,
  distinct_id String CODEC(ZSTD(1)),
  person_id UUID,
  version Int64,
  is_deleted UInt8
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (project_id, distinct_id)
{_SETTINGS}
"""

# Chunks are small rows but for `data`, which is compressed already.
_SESSION_RECORDINGS = f"""
CREATE TABLE IF NOT EXISTS session_recordings (
  project_id Int64,
  session_id String,
  chunk_id String,
  window_id String,
  distinct_id String,
  source LowCardinality(String),
  library LowCardinality(String),
  received_at DateTime64(6, 'UTC'),
  first_at DateTime64(6, 'UTC'),
  last_at DateTime64(6, 'UTC'),
  items Int32,
  clicks Int32,
  key_presses Int32,
  mouse_moves Int32,
  console_messages Int32,
  console_errors Int32,
  first_url String CODEC(ZSTD(1)),
  raw_bytes Int64,
  stored_bytes Int64,
  data String CODEC(NONE),
  log_position Int64,
  is_deleted UInt8
)
ENGINE = ReplacingMergeTree(log_position)
PARTITION BY toYYYYMM(received_at)
ORDER BY (project_id, session_id, chunk_id)
{_SETTINGS}, min_bytes_for_wide_part = 0
"""

# Events that carry `old_person_id` count for `person_id`; closed over chains (ingestion §3.4).
_PERSON_OVERRIDES = f"""
CREATE TABLE IF NOT EXISTS person_overrides (
  project_id Int64,
  old_person_id UUID,
  person_id UUID,
  version Int64,
  is_deleted UInt8
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (project_id, old_person_id)
{_SETTINGS}
"""

_GROUPS = f"""
CREATE TABLE IF NOT EXISTS groups (
  project_id Int64,
  group_type_index UInt8,
  group_key String CODEC(ZSTD(1)),
  properties String CODEC(ZSTD(1)),
  created_at DateTime64(6, 'UTC'),
  version Int64,
  is_deleted UInt8
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (project_id, group_type_index, group_key)
{_SETTINGS}
"""

# Points on a grid of 16 pixels (ingestion §15). The last three columns of the key make a point
# that was inserted again the same row.
_HEATMAPS = f"""
CREATE TABLE IF NOT EXISTS heatmaps (
  project_id Int64,
  log_position Int64 CODEC(Delta, ZSTD(1)),
  log_index Int32,
  number Int32,
  timestamp DateTime64(6, 'UTC'),
  session_id String CODEC(ZSTD(1)),
  distinct_id String CODEC(ZSTD(1)),
  x Int16,
  y Int16,
  viewport_width Int16,
  viewport_height Int16,
  is_target_fixed UInt8,
  current_url String CODEC(ZSTD(1)),
  type LowCardinality(String)
)
ENGINE = ReplacingMergeTree
ORDER BY (project_id, type, toDate(timestamp), current_url, log_position, log_index, number)
{_SETTINGS}
"""

# What sessions and their channel are made of (ingestion §12, §13). A row stored before reads the
# expression instead. Only an id that is a UUID of version 7 makes a session.
_SESSION_COLUMNS = (
    (
        "ALTER TABLE events ADD COLUMN IF NOT EXISTS session_uuid UUID DEFAULT "
        "if(bitAnd(bitShiftRight(toUInt128(toUUIDOrZero(ifNull(session_id, ''))), 76), 15) = 7, "
        "toUUIDOrZero(ifNull(session_id, '')), toUUID('00000000-0000-0000-0000-000000000000'))"
    ),
    *(
        f"ALTER TABLE events ADD COLUMN IF NOT EXISTS {column} LowCardinality(Nullable(String)) "
        f"DEFAULT JSONExtract(properties, '{HOT_STRING_PROPERTIES[column]}', 'Nullable(String)')"
        for column in sorted(LATER_HOT_COLUMNS)
    ),
)

# Who was put on a static cohort's list.
_STATIC_COHORT_PEOPLE = f"""
CREATE TABLE IF NOT EXISTS static_cohort_people (
  project_id Int64,
  cohort_id Int64,
  person_id UUID,
  version Int64,
  is_deleted UInt8
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (project_id, cohort_id, person_id)
{_SETTINGS}
"""

# Every event is written again each time that parts are merged. Ten parts of a size at once instead
# of five do that less often, for a few more parts to read. And nothing asks for the sketches of
# every column that the engine would make on each insert and merge.
_CHEAPER_WRITES = (
    "ALTER TABLE events MODIFY SETTING merge_selector_base = 10, auto_statistics_types = ''",
    "ALTER TABLE persons MODIFY SETTING auto_statistics_types = ''",
    "ALTER TABLE person_distinct_ids MODIFY SETTING auto_statistics_types = ''",
)

TABLES: Final = (
    "events",
    "persons",
    "person_distinct_ids",
    "person_overrides",
    "groups",
    "heatmaps",
    "session_recordings",
    "static_cohort_people",
)
# What people have put there is in no log, so a replay must leave it.
INGESTED_TABLES: Final = tuple(table for table in TABLES if table != "static_cohort_people")

# Number and statements; a statement may run again after a crash, so each says IF NOT EXISTS.
MIGRATIONS: Final[tuple[tuple[int, tuple[str, ...]], ...]] = (
    (1, (_EVENTS, _PERSONS, _PERSON_DISTINCT_IDS)),
    (2, (_PERSON_OVERRIDES, _GROUPS, _HEATMAPS)),
    (3, _SESSION_COLUMNS),
    (4, (_SESSION_RECORDINGS,)),
    (5, (_STATIC_COHORT_PEOPLE,)),
    (6, _CHEAPER_WRITES),
)
