SELECT
  breakdown AS `breakdown`,
  groupArray(bucket) AS `buckets`,
  groupArray(toFloat64(ifNull(value, 0))) AS `values`
FROM (
  SELECT
    if(place <= 25, breakdown, '$$_posthog_breakdown_other_$$') AS `breakdown`,
    bucket AS `bucket`,
    if(countIf(place <= 25) > 0, anyIf(single, place <= 25), uniqExactMergeIf(state, NOT place <= 25)) AS `value`
  FROM (
    SELECT
      breakdown AS `breakdown`,
      bucket AS `bucket`,
      single AS `single`,
      state AS `state`,
      dense_rank() OVER (ORDER BY weight DESC, breakdown) AS `place`
    FROM (
      SELECT
        breakdown AS `breakdown`,
        bucket AS `bucket`,
        single AS `single`,
        state AS `state`,
        sum(if(isFinite(single), single, 0)) OVER (PARTITION BY breakdown) AS `weight`
      FROM (
        SELECT
          breakdown AS `breakdown`,
          bucket AS `bucket`,
          state AS `state`,
          toFloat64(ifNull(finalizeAggregation(state), 0)) AS `single`
        FROM (
          SELECT
            breakdown AS `breakdown`,
            bucket AS `bucket`,
            uniqExactState(input) AS `state`
          FROM (
            SELECT
              toDate(timestamp, 'UTC') AS `bucket`,
              ifNull(nullIf("__hot_browser", ''), '$$_posthog_breakdown_null_$$') AS `breakdown`,
              if(overrides.new_person_id = toUUID('00000000-0000-0000-0000-000000000000'), events.person_id, overrides.new_person_id) AS `input`
            FROM (SELECT event AS `event`, person_id AS `person_id`, timestamp AS `timestamp`, browser AS `__hot_browser` FROM events WHERE project_id = 1) AS `events`
            LEFT ANY JOIN (SELECT old_person_id, person_id AS new_person_id FROM person_overrides FINAL WHERE project_id = 1 AND is_deleted = 0) AS `overrides` ON events.person_id = overrides.old_person_id
            WHERE timestamp >= toDateTime64('2026-03-02 00:00:00.000000', 6, 'UTC')
              AND timestamp <= toDateTime64('2026-03-04 23:59:59.999999', 6, 'UTC')
              AND event = '$pageview'
          )
          GROUP BY breakdown, bucket
        )
      )
    )
  )
  GROUP BY 1, bucket
)
GROUP BY breakdown
