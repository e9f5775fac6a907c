SELECT
  value AS `value`,
  [toNullable(uniqExactArrayIf(actors, is_current)), NULL] AS `cell_0`,
  [toNullable(sumIf(views, is_current)), NULL] AS `cell_1`,
  [toNullable(avgIf(is_bounce, is_current AND nth = 1)), NULL] AS `cell_2`
FROM (
  SELECT
    page.1.1 AS `value`,
    [page.1.2] AS `actors`,
    page.1.3 AS `name`,
    1 AS `views`,
    page.2 AS `nth`,
    is_current AS `is_current`,
    is_previous AS `is_previous`,
    if(entry = page.1.1, is_bounce, NULL) AS `is_bounce`
  FROM (
    SELECT
      is_current AS `is_current`,
      is_previous AS `is_previous`,
      `$is_bounce` AS `is_bounce`,
      arrayJoin(arrayZip(pages, arrayEnumerateUniq(arrayMap(page -> page.1, pages)))) AS `page`,
      nullIf(`$entry_pathname`, '') AS `entry`
    FROM (
      SELECT
        `$is_bounce` AS `$is_bounce`,
        `$entry_pathname` AS `$entry_pathname`,
        `views` AS `views`,
        `pages` AS `pages`,
        (`$start_timestamp` >= toDateTime64('2026-03-02 00:00:00.000000', 6, 'UTC') AND `$start_timestamp` <= toDateTime64('2026-03-04 23:59:59.999999', 6, 'UTC')) AS `is_current`,
        0 AS `is_previous`
      FROM (SELECT `a.start` AS `$start_timestamp`, path(`a.entry_url`) AS `$entry_pathname`, if(`a.pageviews` + `a.screens` = 0, NULL, toBool(NOT (`a.pageviews` + `a.screens` > 1 OR `a.autocaptures` > 0 OR dateDiff('second', `a.start`, `a.end`) >= 10))) AS `$is_bounce`, `a.views` AS `views`, `a.pages` AS `pages` FROM (SELECT session_uuid AS `a.session_id`, min(timestamp) AS `a.start`, max(timestamp) AS `a.end`, countIf(event = '$pageview') AS `a.pageviews`, countIf(event = '$screen') AS `a.screens`, countIf(event = '$autocapture') AS `a.autocaptures`, argMin(current_url, bitOr(bitShiftLeft(toUInt128(toUnixTimestamp64Micro(timestamp) + if(event IN ('$pageview', '$screen'), 0, 2305843009213693952) + 4503599627370496), 64), toUInt128(cityHash64(uuid)))) AS `a.entry_url`, countIf(is_page) AS `a.views`, groupArrayIf((value, actor, name), is_page AND has_value) AS `a.pages` FROM (SELECT
  __hot_current_url AS `current_url`,
  event AS `event`,
  __session_uuid AS `session_uuid`,
  timestamp AS `timestamp`,
  uuid AS `uuid`,
  if(overrides.new_person_id = toUUID('00000000-0000-0000-0000-000000000000'), events.person_id, overrides.new_person_id) AS `actor`,
  ifNull(1, 0) AS `is_wanted`,
  event IN ('$pageview', '$screen') AND ifNull(1, 0) AS `is_page`,
  "__hot_pathname" AS `value`,
  notEmpty(ifNull("__hot_pathname", '')) AS `has_value`,
  event AS `name`
FROM (SELECT uuid AS `uuid`, event AS `event`, person_id AS `person_id`, timestamp AS `timestamp`, session_uuid AS `__session_uuid`, current_url AS `__hot_current_url`, pathname AS `__hot_pathname` FROM events WHERE project_id = 1) AS `events`
LEFT ANY JOIN (SELECT old_person_id, person_id AS new_person_id FROM person_overrides FINAL WHERE project_id = 1 AND is_deleted = 0) AS `overrides` ON events.person_id = overrides.old_person_id
WHERE timestamp >= toDateTime64('2026-02-27 00:00:00.000000', 6, 'UTC')
  AND timestamp <= toDateTime64('2026-03-07 23:59:59.999999', 6, 'UTC')
  AND __session_uuid != toUUID('00000000-0000-0000-0000-000000000000')) AS r GROUP BY session_uuid) AS s)
      WHERE views > 0
        AND ((`$start_timestamp` >= toDateTime64('2026-03-02 00:00:00.000000', 6, 'UTC') AND `$start_timestamp` <= toDateTime64('2026-03-04 23:59:59.999999', 6, 'UTC')) OR 0)
    )
  )
)
GROUP BY value
ORDER BY cell_0[1] DESC, cell_1[1] DESC, value ASC
LIMIT 101
