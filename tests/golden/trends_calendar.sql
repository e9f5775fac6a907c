SELECT
  if(grouping(day) = 0, day, -1) AS `shown_day`,
  if(grouping(hour) = 0, hour, -1) AS `shown_hour`,
  toFloat64(ifNull(uniqExact(input), 0)) AS `value`
FROM (
  SELECT
    toInt8(toDayOfWeek(toTimeZone(timestamp, 'UTC'))) AS `day`,
    toInt8(toHour(toTimeZone(timestamp, 'UTC'))) AS `hour`,
    if(overrides.new_person_id = toUUID('00000000-0000-0000-0000-000000000000'), events.person_id, overrides.new_person_id) AS `input`
  FROM (SELECT event AS `event`, person_id AS `person_id`, timestamp AS `timestamp` FROM events WHERE project_id = 1) AS `events`
  LEFT ANY JOIN (SELECT old_person_id, person_id AS new_person_id FROM person_overrides FINAL WHERE project_id = 1 AND is_deleted = 0) AS `overrides` ON events.person_id = overrides.old_person_id
  WHERE timestamp >= toDateTime64('2026-03-02 00:00:00.000000', 6, 'UTC')
    AND timestamp <= toDateTime64('2026-03-04 23:59:59.999999', 6, 'UTC')
    AND event = '$pageview'
)
GROUP BY GROUPING SETS ((day, hour), (day), (hour), ())
ORDER BY shown_day, shown_hour
