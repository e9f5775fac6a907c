SELECT
  breakdown AS `breakdown`,
  [countIf(depth >= 1), countIf(depth >= 2)] AS `counts`,
  [avgIf((moments[2] - moments[1]) / 1000000.0, depth >= 2)] AS `means`,
  [quantileExactInclusiveIf(0.5)((moments[2] - moments[1]) / 1000000.0, depth >= 2)] AS `medians`
FROM (
  SELECT
    actor AS `actor`,
    breakdown AS `breakdown`,
    2 - tupleElement(best, 2) AS `depth`,
    tupleElement(best, 5) AS `moments`
  FROM (
    SELECT
      actor AS `actor`,
      breakdown AS `breakdown`,
      arrayReduce('min', attempts) AS `best`,
      0 AS `tainted_depth`
    FROM (
      SELECT
        actor AS `actor`,
        breakdown AS `breakdown`,
        arrayFilter((attempt, key) -> toUInt32(bitXor(bitAnd(bitShiftRight(key, 0), 3), 3)) > 0, arrayMap((start, reached, excluded) -> (toUInt8(excluded > 0 AND if(length(reached) = 2, excluded < reached[-1], excluded - start <= 1209600000000)), toUInt8(2 - length(reached)), toInt64(reached[-1]), -toInt64(start), reached, toUInt32(0)), moments, reached, excluded), keys) AS `attempts`
      FROM (
        SELECT
          actor AS `actor`,
          breakdown AS `breakdown`,
          keys AS `keys`,
          moments AS `moments`,
          arrayMap((start, next_0, next_1) -> arraySort(arrayFilter(item -> item > 0 AND item - start <= 1209600000000, [next_0, next_1])), moments, next_0, next_1) AS `reached`,
          arrayPushBack(arrayPopFront(arrayReverseFill(item -> item != 0, arrayMap((key, moment) -> if(toUInt32(bitAnd(key, 0)) > 0, moment, 0), keys, moments))), toInt64(0)) AS `excluded`
        FROM (
          SELECT
            actor AS `actor`,
            breakdown AS `breakdown`,
            keys AS `keys`,
            moments AS `moments`,
            next_0 AS `next_0`,
            arrayReverseFill(item -> item != 0, arrayMap((key, moment, later) -> if(NOT bitTest(key, 0), moment, 0), keys, moments, moments)) AS `next_1`
          FROM (
            SELECT
              actor AS `actor`,
              breakdown AS `breakdown`,
              keys AS `keys`,
              moments AS `moments`,
              arrayReverseFill(item -> item != 0, arrayMap((key, moment, later) -> if(NOT bitTest(key, 1), moment, 0), keys, moments, moments)) AS `next_0`
            FROM (
              SELECT
                actor AS `actor`,
                breakdown AS `breakdown`,
                keys AS `keys`,
                arrayMap(key -> toInt64(bitShiftRight(key, 2)), keys) AS `moments`
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
      )
    )
    WHERE notEmpty(attempts)
  )
  WHERE tupleElement(best, 1) = 0
    AND tainted_depth <= 2 - tupleElement(best, 2)
)
GROUP BY breakdown
