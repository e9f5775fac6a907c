SELECT
  status AS `status`,
  groupArray(bucket) AS `buckets`,
  groupArray(actors) AS `actors`
FROM (
  SELECT
    status AS `status`,
    bucket AS `bucket`,
    count() AS `actors`
  FROM (
    SELECT
      actor AS `actor`,
      candidate AS `bucket`,
      multiIf(NOT has(active, candidate), 'dormant', created = candidate, 'new', has(active, candidate - 1), 'returning', 'resurrecting') AS `status`
    FROM (
      SELECT
        actor AS `actor`,
        active AS `active`,
        created AS `created`,
        arrayJoin(arrayFilter(b -> b >= 1 AND b <= 3, arrayDistinct(arrayConcat(active, arrayMap(a -> a + 1, active))))) AS `candidate`
      FROM (
        SELECT
          actor AS `actor`,
          groupUniqArray(indexOf([toDate('2026-03-01'), toDate('2026-03-02'), toDate('2026-03-03'), toDate('2026-03-04')], bucket) - 1) AS `active`,
          indexOf([toDate('2026-03-01'), toDate('2026-03-02'), toDate('2026-03-03'), toDate('2026-03-04')], toDate(min(created_at), 'UTC')) - 1 AS `created`
        FROM (
          SELECT
            if(overrides.new_person_id = toUUID('00000000-0000-0000-0000-000000000000'), events.person_id, overrides.new_person_id) AS `actor`,
            people.`person_created_at` AS `created_at`,
            toDate(timestamp, 'UTC') AS `bucket`
          FROM (SELECT event AS `event`, person_id AS `person_id`, timestamp AS `timestamp`, properties AS `properties`, received_at AS `created_at`, person_mode AS `person_mode`, person_created_at AS `person_created_at` FROM events WHERE project_id = 1) AS `events`
          LEFT ANY JOIN (SELECT old_person_id, person_id AS new_person_id FROM person_overrides FINAL WHERE project_id = 1 AND is_deleted = 0) AS `overrides` ON events.person_id = overrides.old_person_id
          LEFT ANY JOIN (
            SELECT
              id AS `people_key`,
              toNullable(created_at) AS `person_created_at`
            FROM (SELECT id AS `id`, created_at AS `created_at`, properties AS `properties`, is_identified AS `is_identified` FROM persons FINAL WHERE project_id = 1 AND is_deleted = 0)
          ) AS `people` ON if(overrides.new_person_id = toUUID('00000000-0000-0000-0000-000000000000'), events.person_id, overrides.new_person_id) = people.people_key
          WHERE timestamp >= toDateTime64('2026-03-01 00:00:00.000000', 6, 'UTC')
            AND timestamp <= toDateTime64('2026-03-04 23:59:59.999999', 6, 'UTC')
            AND event = '$pageview'
            AND person_mode != 'propertyless'
        )
        GROUP BY actor
      )
    )
  )
  GROUP BY status, bucket
)
GROUP BY status
