SELECT
  breakdown AS `breakdown`,
  [countIf(depth >= 1), countIf(depth >= 2)] AS `counts`,
  [avgIf((moments[2] - moments[1]) / 1000000.0, depth >= 2)] AS `means`,
  [quantileExactInclusiveIf(0.5)((moments[2] - moments[1]) / 1000000.0, depth >= 2)] AS `medians`
FROM (
  SELECT
    actor AS `actor`,
    breakdown AS `breakdown`,
    depth AS `depth`,
    [start, toInt64(bitShiftRight(keys[indexOf(starts_2, start)], 2))] AS `moments`
  FROM (
    SELECT
      actor AS `actor`,
      breakdown AS `breakdown`,
      keys AS `keys`,
      starts_1 AS `starts_1`,
      starts_2 AS `starts_2`,
      multiIf(arrayFirst(item -> item != 0, starts_2) != 0, 2, arrayFirst(item -> item != 0, starts_1) != 0, 1, 0) AS `depth`,
      multiIf(arrayFirst(item -> item != 0, starts_2) != 0, arrayFirst(item -> item != 0, starts_2), arrayFirst(item -> item != 0, starts_1) != 0, arrayFirst(item -> item != 0, starts_1), 0) AS `start`
    FROM (
      SELECT
        actor AS `actor`,
        breakdown AS `breakdown`,
        keys AS `keys`,
        starts_1 AS `starts_1`,
        arrayMap((key, waiting) -> if(NOT bitTest(key, 0) AND waiting != 0 AND toInt64(bitShiftRight(key, 2)) - waiting <= 1209600000000, waiting, 0), keys, arrayPushFront(arrayPopBack(arrayFill(item -> item != 0, starts_1)), toInt64(0))) AS `starts_2`
      FROM (
        SELECT
          actor AS `actor`,
          breakdown AS `breakdown`,
          keys AS `keys`,
          arrayMap(key -> if(NOT bitTest(key, 1), toInt64(bitShiftRight(key, 2)), 0), keys) AS `starts_1`
        FROM (
          SELECT
            actor AS `actor`,
            breakdown AS `breakdown`,
            sorted AS `keys`
          FROM (
            SELECT
              actor AS `actor`,
              '' AS `breakdown`,
              arraySort(groupArray(key)) AS `sorted`
            FROM (
              SELECT
                if(overrides.new_person_id = toUUID('00000000-0000-0000-0000-000000000000'), events.person_id, overrides.new_person_id) AS `actor`,
                bitShiftLeft(toUInt64(toUnixTimestamp64Micro(timestamp) - (-2240524800000000)), 2) + 2 * (ifNull(event = '$pageview', 0) = 0) + 1 * (ifNull(event = 'purchase', 0) = 0) AS `key`,
                '' AS `value`
              FROM (SELECT event AS `event`, person_id AS `person_id`, timestamp AS `timestamp` FROM events WHERE project_id = 1) AS `events`
              LEFT ANY JOIN (SELECT old_person_id, person_id AS new_person_id FROM person_overrides FINAL WHERE project_id = 1 AND is_deleted = 0) AS `overrides` ON events.person_id = overrides.old_person_id
              WHERE timestamp >= toDateTime64('2026-03-02 00:00:00.000000', 6, 'UTC')
                AND timestamp <= toDateTime64('2026-03-04 23:59:59.999999', 6, 'UTC')
                AND (event = '$pageview' OR event = 'purchase')
            )
            WHERE isNotNull(actor)
            GROUP BY actor
          )
        )
      )
    )
  )
  WHERE depth >= 1
)
GROUP BY breakdown
