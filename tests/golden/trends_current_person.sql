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
      toDate(timestamp, 'UTC') AS `bucket`,
      '' AS `breakdown`
    FROM (SELECT event AS `event`, person_id AS `person_id`, timestamp AS `timestamp`, properties AS `properties`, received_at AS `created_at` FROM events WHERE project_id = 1) AS `events`
    LEFT ANY JOIN (SELECT old_person_id, person_id AS new_person_id FROM person_overrides FINAL WHERE project_id = 1 AND is_deleted = 0) AS `overrides` ON events.person_id = overrides.old_person_id
    LEFT ANY JOIN (
      SELECT
        id AS `people_key`,
        JSONExtract("properties", 'plan', 'Nullable(String)') AS `people_1`
      FROM (SELECT id AS `id`, created_at AS `created_at`, properties AS `properties`, is_identified AS `is_identified` FROM persons FINAL WHERE project_id = 1 AND is_deleted = 0)
    ) AS `people` ON if(overrides.new_person_id = toUUID('00000000-0000-0000-0000-000000000000'), events.person_id, overrides.new_person_id) = people.people_key
    WHERE timestamp >= toDateTime64('2026-03-02 00:00:00.000000', 6, 'UTC')
      AND timestamp <= toDateTime64('2026-03-04 23:59:59.999999', 6, 'UTC')
      AND event = '$pageview'
      AND people.`people_1` = 'pro'
  )
  GROUP BY bucket
)
GROUP BY breakdown
