SELECT
  tuple(actor_id, properties, created_at, is_identified, distinct_ids) AS `column_0`,
  event_count AS `column_1`,
  has_profile AS `has_profile`
FROM (
  SELECT
    actors.actor_id AS `actor_id`,
    actors.event_count AS `event_count`,
    profiles.has_profile = 1 AS `has_profile`,
    if(profiles.has_profile = 1, profiles.properties, '{}') AS `properties`,
    if(profiles.has_profile = 1, profiles.created_at, NULL) AS `created_at`,
    profiles.is_identified = 1 AS `is_identified`,
    arraySort(ids.distinct_ids) AS `distinct_ids`
  FROM (
    SELECT
      actor AS `actor_id`,
      count() AS `event_count`
    FROM (
      SELECT
        if(overrides.new_person_id = toUUID('00000000-0000-0000-0000-000000000000'), events.person_id, overrides.new_person_id) AS `actor`,
        '' AS `breakdown`
      FROM (SELECT event AS `event`, person_id AS `person_id`, timestamp AS `timestamp` FROM events WHERE project_id = 1) AS `events`
      LEFT ANY JOIN (SELECT old_person_id, person_id AS new_person_id FROM person_overrides FINAL WHERE project_id = 1 AND is_deleted = 0) AS `overrides` ON events.person_id = overrides.old_person_id
      WHERE timestamp >= toDateTime64('2026-03-02 00:00:00.000000', 6, 'UTC')
        AND timestamp <= toDateTime64('2026-03-04 23:59:59.999999', 6, 'UTC')
        AND toDate(timestamp, 'UTC') = toDate('2026-03-03')
        AND event = '$pageview'
    )
    GROUP BY actor
  ) AS `actors`
  LEFT ANY JOIN (
    SELECT
      toString(id) AS `profile_key`,
      1 AS `has_profile`,
      properties AS `properties`,
      created_at AS `created_at`,
      is_identified AS `is_identified`
    FROM (SELECT id AS `id`, created_at AS `created_at`, properties AS `properties`, is_identified AS `is_identified` FROM persons FINAL WHERE project_id = 1 AND is_deleted = 0)
  ) AS `profiles` ON toString(actors.actor_id) = profiles.profile_key
  LEFT ANY JOIN (
    SELECT
      person_id AS `person_id`,
      groupArray(distinct_id) AS `distinct_ids`
    FROM (SELECT distinct_id AS `distinct_id`, person_id AS `person_id` FROM person_distinct_ids FINAL WHERE project_id = 1 AND is_deleted = 0)
    GROUP BY person_id
  ) AS `ids` ON actors.actor_id = ids.person_id
)
ORDER BY event_count DESC, actor_id
LIMIT 101
