SELECT
  breakdown AS `breakdown`,
  groupArray(bucket) AS `buckets`,
  groupArray(toFloat64(ifNull(value, 0))) AS `values`
FROM (
  SELECT
    '' AS `breakdown`,
    bucket AS `bucket`,
    uniqExact(input) AS `value`
  FROM (
    SELECT
      bucket AS `bucket`,
      breakdown AS `breakdown`,
      input AS `input`
    FROM (
      SELECT
        arrayJoin(arrayFilter(bucket -> bucket >= day AND bucket <= day + 6, [toDate('2026-03-02'), toDate('2026-03-03'), toDate('2026-03-04')])) AS `bucket`,
        breakdown AS `breakdown`,
        input AS `input`
      FROM (
        SELECT DISTINCT
          day AS `day`,
          breakdown AS `breakdown`,
          input AS `input`
        FROM (
          SELECT
            toDate(subtractMicroseconds(timestamp, 1), 'UTC') AS `day`,
            '' AS `breakdown`,
            if(overrides.new_person_id = toUUID('00000000-0000-0000-0000-000000000000'), events.person_id, overrides.new_person_id) AS `input`
          FROM (SELECT event AS `event`, person_id AS `person_id`, timestamp AS `timestamp` FROM events WHERE project_id = 1) AS `events`
          LEFT ANY JOIN (SELECT old_person_id, person_id AS new_person_id FROM person_overrides FINAL WHERE project_id = 1 AND is_deleted = 0) AS `overrides` ON events.person_id = overrides.old_person_id
          WHERE timestamp > toDateTime64('2026-02-24 00:00:00.000000', 6, 'UTC')
            AND timestamp <= toDateTime64('2026-03-05 00:00:00.000000', 6, 'UTC')
            AND event = '$pageview'
        )
      )
    )
  )
  GROUP BY bucket
)
GROUP BY breakdown
