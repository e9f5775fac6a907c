SELECT
  value AS `value`,
  [toNullable(uniqExactIf(click.2, is_current)), NULL] AS `cell_0`,
  [toNullable(countIf(is_current)), NULL] AS `cell_1`
FROM (
  SELECT
    arrayJoin(clicks) AS `click`,
    click.1 AS `value`,
    is_current AS `is_current`,
    is_previous AS `is_previous`
  FROM (
    SELECT
      `views` AS `views`,
      `clicks` AS `clicks`,
      (`$start_timestamp` >= toDateTime64('2026-03-02 00:00:00.000000', 6, 'UTC') AND `$start_timestamp` <= toDateTime64('2026-03-04 23:59:59.999999', 6, 'UTC')) AS `is_current`,
      0 AS `is_previous`
    FROM (SELECT `a.start` AS `$start_timestamp`, `a.views` AS `views`, `a.clicks` AS `clicks` FROM (SELECT session_uuid AS `a.session_id`, min(timestamp) AS `a.start`, countIf(is_page) AS `a.views`, groupArrayIf((url, actor), is_click AND is_wanted) AS `a.clicks` FROM (SELECT
  __session_uuid AS `session_uuid`,
  timestamp AS `timestamp`,
  if(overrides.new_person_id = toUUID('00000000-0000-0000-0000-000000000000'), events.person_id, overrides.new_person_id) AS `actor`,
  ifNull(1, 0) AS `is_wanted`,
  event IN ('$pageview', '$screen') AND ifNull(1, 0) AS `is_page`,
  "__hot_external_click_url" AS `url`,
  ifNull(event = '$autocapture' AND notEmpty(ifNull("__hot_external_click_url", '')) AND domain("__hot_external_click_url") != ifNull("__hot_host", ''), 0) AS `is_click`
FROM (SELECT event AS `event`, person_id AS `person_id`, timestamp AS `timestamp`, session_uuid AS `__session_uuid`, host AS `__hot_host`, external_click_url AS `__hot_external_click_url` FROM events WHERE project_id = 1) AS `events`
LEFT ANY JOIN (SELECT old_person_id, person_id AS new_person_id FROM person_overrides FINAL WHERE project_id = 1 AND is_deleted = 0) AS `overrides` ON events.person_id = overrides.old_person_id
WHERE timestamp >= toDateTime64('2026-02-27 00:00:00.000000', 6, 'UTC')
  AND timestamp <= toDateTime64('2026-03-07 23:59:59.999999', 6, 'UTC')
  AND __session_uuid != toUUID('00000000-0000-0000-0000-000000000000')) AS r GROUP BY session_uuid) AS s)
    WHERE views > 0
      AND ((`$start_timestamp` >= toDateTime64('2026-03-02 00:00:00.000000', 6, 'UTC') AND `$start_timestamp` <= toDateTime64('2026-03-04 23:59:59.999999', 6, 'UTC')) OR 0)
  )
)
GROUP BY value
ORDER BY cell_1[1] DESC, cell_0[1] DESC, value ASC
LIMIT 101
