SELECT
  uniqExactArrayIf(actors, is_current) AS `current_0`,
  uniqExactArrayIf(actors, is_previous) AS `previous_0`,
  sumIf(views, is_current) AS `current_1`,
  sumIf(views, is_previous) AS `previous_1`,
  countIf(is_current) AS `current_2`,
  countIf(is_previous) AS `previous_2`,
  avgIf(`$session_duration`, is_current) AS `current_3`,
  avgIf(`$session_duration`, is_previous) AS `previous_3`,
  avgIf(`$is_bounce`, is_current) * 100 AS `current_4`,
  avgIf(`$is_bounce`, is_previous) * 100 AS `previous_4`,
  sumIf(revenue, is_current) AS `current_5`,
  sumIf(revenue, is_previous) AS `previous_5`
FROM (
  SELECT
    `$session_duration` AS `$session_duration`,
    `$is_bounce` AS `$is_bounce`,
    `views` AS `views`,
    `actors` AS `actors`,
    `revenue` AS `revenue`,
    (`$start_timestamp` >= toDateTime64('2026-03-02 00:00:00.000000', 6, 'UTC') AND `$start_timestamp` <= toDateTime64('2026-03-04 23:59:59.999999', 6, 'UTC')) AS `is_current`,
    0 AS `is_previous`
  FROM (SELECT `a.start` AS `$start_timestamp`, dateDiff('second', `a.start`, `a.end`) AS `$session_duration`, if(`a.pageviews` + `a.screens` = 0, NULL, toBool(NOT (`a.pageviews` + `a.screens` > 1 OR `a.autocaptures` > 0 OR dateDiff('second', `a.start`, `a.end`) >= 10))) AS `$is_bounce`, `a.views` AS `views`, `a.actors` AS `actors`, `a.revenue` AS `revenue` FROM (SELECT session_uuid AS `a.session_id`, min(timestamp) AS `a.start`, max(timestamp) AS `a.end`, countIf(event = '$pageview') AS `a.pageviews`, countIf(event = '$screen') AS `a.screens`, countIf(event = '$autocapture') AS `a.autocaptures`, countIf(is_page) AS `a.views`, groupUniqArrayIf(actor, is_page) AS `a.actors`, sumIf(revenue, is_wanted) AS `a.revenue` FROM (SELECT
  event AS `event`,
  __session_uuid AS `session_uuid`,
  timestamp AS `timestamp`,
  if(overrides.new_person_id = toUUID('00000000-0000-0000-0000-000000000000'), events.person_id, overrides.new_person_id) AS `actor`,
  ifNull(1, 0) AS `is_wanted`,
  event IN ('$pageview', '$screen') AND ifNull(1, 0) AS `is_page`,
  ifNull(multiIf(event = 'purchase', toFloat64OrNull(JSONExtract("properties", 'amount', 'Nullable(String)')), NULL), 0) AS `revenue`
FROM (SELECT event AS `event`, person_id AS `person_id`, timestamp AS `timestamp`, properties AS `properties`, session_uuid AS `__session_uuid` FROM events WHERE project_id = 1) AS `events`
LEFT ANY JOIN (SELECT old_person_id, person_id AS new_person_id FROM person_overrides FINAL WHERE project_id = 1 AND is_deleted = 0) AS `overrides` ON events.person_id = overrides.old_person_id
WHERE timestamp >= toDateTime64('2026-02-27 00:00:00.000000', 6, 'UTC')
  AND timestamp <= toDateTime64('2026-03-07 23:59:59.999999', 6, 'UTC')
  AND __session_uuid != toUUID('00000000-0000-0000-0000-000000000000')) AS r GROUP BY session_uuid) AS s)
  WHERE views > 0
    AND ((`$start_timestamp` >= toDateTime64('2026-03-02 00:00:00.000000', 6, 'UTC') AND `$start_timestamp` <= toDateTime64('2026-03-04 23:59:59.999999', 6, 'UTC')) OR 0)
)
