SELECT
  value AS `value`,
  [toNullable(uniqExactArrayIf(actors, is_current)), NULL] AS `cell_0`,
  [toNullable(sumIf(conversions, is_current AND nth = 1)), NULL] AS `cell_1`,
  [toNullable(uniqExactArrayIf(converted, is_current)), NULL] AS `cell_2`,
  [toNullable(uniqExactArrayIf(converted, is_current) / nullIf(uniqExactArrayIf(actors, is_current), 0)), NULL] AS `cell_3`
FROM (
  SELECT
    nullIf(`$entry_referring_domain`, '') AS `value`,
    actors AS `actors`,
    views AS `views`,
    1 AS `nth`,
    is_current AS `is_current`,
    is_previous AS `is_previous`,
    conversions AS `conversions`,
    converted AS `converted`
  FROM (
    SELECT
      `$entry_referring_domain` AS `$entry_referring_domain`,
      `views` AS `views`,
      `actors` AS `actors`,
      `conversions` AS `conversions`,
      `converted` AS `converted`,
      (`$start_timestamp` >= toDateTime64('2026-03-02 00:00:00.000000', 6, 'UTC') AND `$start_timestamp` <= toDateTime64('2026-03-04 23:59:59.999999', 6, 'UTC')) AS `is_current`,
      0 AS `is_previous`
    FROM (SELECT `a.start` AS `$start_timestamp`, `a.entry_referring_domain` AS `$entry_referring_domain`, `a.views` AS `views`, `a.actors` AS `actors`, `a.conversions` AS `conversions`, `a.converted` AS `converted` FROM (SELECT session_uuid AS `a.session_id`, min(timestamp) AS `a.start`, argMin(referring_domain, bitOr(bitShiftLeft(toUInt128(toUnixTimestamp64Micro(timestamp) + if(event IN ('$pageview', '$screen'), 0, 2305843009213693952) + 4503599627370496), 64), toUInt128(cityHash64(uuid)))) AS `a.entry_referring_domain`, countIf(is_page) AS `a.views`, groupUniqArrayIf(actor, is_page) AS `a.actors`, countIf(is_goal AND is_wanted) AS `a.conversions`, groupUniqArrayIf(actor, is_goal AND is_wanted) AS `a.converted` FROM (SELECT
  event AS `event`,
  __hot_referring_domain AS `referring_domain`,
  __session_uuid AS `session_uuid`,
  timestamp AS `timestamp`,
  uuid AS `uuid`,
  if(overrides.new_person_id = toUUID('00000000-0000-0000-0000-000000000000'), events.person_id, overrides.new_person_id) AS `actor`,
  ifNull(1, 0) AS `is_wanted`,
  event IN ('$pageview', '$screen') AND ifNull(1, 0) AS `is_page`,
  ifNull(event = 'purchase', 0) AS `is_goal`
FROM (SELECT uuid AS `uuid`, event AS `event`, person_id AS `person_id`, timestamp AS `timestamp`, session_uuid AS `__session_uuid`, referring_domain AS `__hot_referring_domain` FROM events WHERE project_id = 1) AS `events`
LEFT ANY JOIN (SELECT old_person_id, person_id AS new_person_id FROM person_overrides FINAL WHERE project_id = 1 AND is_deleted = 0) AS `overrides` ON events.person_id = overrides.old_person_id
WHERE timestamp >= toDateTime64('2026-02-27 00:00:00.000000', 6, 'UTC')
  AND timestamp <= toDateTime64('2026-03-07 23:59:59.999999', 6, 'UTC')
  AND __session_uuid != toUUID('00000000-0000-0000-0000-000000000000')) AS r GROUP BY session_uuid) AS s)
    WHERE views > 0
      AND ((`$start_timestamp` >= toDateTime64('2026-03-02 00:00:00.000000', 6, 'UTC') AND `$start_timestamp` <= toDateTime64('2026-03-04 23:59:59.999999', 6, 'UTC')) OR 0)
  )
  WHERE value IS NOT NULL
)
GROUP BY value
ORDER BY cell_0[1] DESC, cell_1[1] DESC, value ASC
LIMIT 101
