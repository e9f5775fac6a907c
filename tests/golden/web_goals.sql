SELECT
  [uniqExactArrayIf(actors, is_current), uniqExactArrayIf(converted_0, is_current), sumIf(conversions_0, is_current)] AS `current`,
  [uniqExactArrayIf(actors, is_previous), uniqExactArrayIf(converted_0, is_previous), sumIf(conversions_0, is_previous)] AS `previous`,
  ['Bought'] AS `names`
FROM (
  SELECT
    `views` AS `views`,
    `actors` AS `actors`,
    `conversions_0` AS `conversions_0`,
    `converted_0` AS `converted_0`,
    (`$start_timestamp` >= toDateTime64('2026-03-02 00:00:00.000000', 6, 'UTC') AND `$start_timestamp` <= toDateTime64('2026-03-04 23:59:59.999999', 6, 'UTC')) AS `is_current`,
    0 AS `is_previous`
  FROM (SELECT `a.start` AS `$start_timestamp`, `a.views` AS `views`, `a.actors` AS `actors`, `a.conversions_0` AS `conversions_0`, `a.converted_0` AS `converted_0` FROM (SELECT session_uuid AS `a.session_id`, min(timestamp) AS `a.start`, countIf(is_page) AS `a.views`, groupUniqArrayIf(actor, is_page) AS `a.actors`, countIf(goal_0 AND is_wanted) AS `a.conversions_0`, groupUniqArrayIf(actor, goal_0 AND is_wanted) AS `a.converted_0` FROM (SELECT
  __session_uuid AS `session_uuid`,
  timestamp AS `timestamp`,
  if(overrides.new_person_id = toUUID('00000000-0000-0000-0000-000000000000'), events.person_id, overrides.new_person_id) AS `actor`,
  ifNull(1, 0) AS `is_wanted`,
  event IN ('$pageview', '$screen') AND ifNull(1, 0) AS `is_page`,
  ifNull(event = 'purchase', 0) AS `goal_0`
FROM (SELECT event AS `event`, person_id AS `person_id`, timestamp AS `timestamp`, session_uuid AS `__session_uuid` FROM events WHERE project_id = 1) AS `events`
LEFT ANY JOIN (SELECT old_person_id, person_id AS new_person_id FROM person_overrides FINAL WHERE project_id = 1 AND is_deleted = 0) AS `overrides` ON events.person_id = overrides.old_person_id
WHERE timestamp >= toDateTime64('2026-02-27 00:00:00.000000', 6, 'UTC')
  AND timestamp <= toDateTime64('2026-03-07 23:59:59.999999', 6, 'UTC')
  AND __session_uuid != toUUID('00000000-0000-0000-0000-000000000000')) AS r GROUP BY session_uuid) AS s)
  WHERE views > 0
    AND ((`$start_timestamp` >= toDateTime64('2026-03-02 00:00:00.000000', 6, 'UTC') AND `$start_timestamp` <= toDateTime64('2026-03-04 23:59:59.999999', 6, 'UTC')) OR 0)
)
