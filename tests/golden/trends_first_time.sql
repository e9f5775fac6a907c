SELECT
  breakdown AS `breakdown`,
  groupArray(bucket) AS `buckets`,
  groupArray(toFloat64(ifNull(value, 0))) AS `values`
FROM (
  SELECT
    '' AS `breakdown`,
    bucket AS `bucket`,
    count() AS `value`
  FROM (
    SELECT
      toDate(first_moment, 'UTC') AS `bucket`,
      breakdown AS `breakdown`,
      actor AS `actor`
    FROM (
      SELECT
        min(moment) AS `first_moment`,
        argMin(breakdown, (moment, event_uuid)) AS `breakdown`,
        argMin(matches, (moment, event_uuid)) AS `first_matches`,
        actor AS `actor`
      FROM (
        SELECT
          if(overrides.new_person_id = toUUID('00000000-0000-0000-0000-000000000000'), events.person_id, overrides.new_person_id) AS `actor`,
          timestamp AS `moment`,
          uuid AS `event_uuid`,
          '' AS `breakdown`,
          ifNull(NOT (ifNull(JSONExtract("properties", 'plan', 'Nullable(String)') = 'it\'s free', 0)), 0) AS `matches`
        FROM (SELECT uuid AS `uuid`, event AS `event`, person_id AS `person_id`, timestamp AS `timestamp`, properties AS `properties` FROM events WHERE project_id = 1) AS `events`
        LEFT ANY JOIN (SELECT old_person_id, person_id AS new_person_id FROM person_overrides FINAL WHERE project_id = 1 AND is_deleted = 0) AS `overrides` ON events.person_id = overrides.old_person_id
        WHERE timestamp <= toDateTime64('2026-03-04 23:59:59.999999', 6, 'UTC')
          AND event = '$pageview'
      )
      GROUP BY actor
    )
    WHERE first_moment >= toDateTime64('2026-03-02 00:00:00.000000', 6, 'UTC')
      AND first_matches
  )
  GROUP BY bucket
)
GROUP BY breakdown
