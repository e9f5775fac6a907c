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
      arrayMax(arrayMap(attempt -> if(tupleElement(attempt, 1) = 1, 2 - tupleElement(attempt, 2), 0), attempts)) AS `tainted_depth`
    FROM (
      SELECT
        actor AS `actor`,
        breakdown AS `breakdown`,
        arrayConcat(arrayFilter((attempt, mark) -> tupleElement(mark, 1) > 0, arrayMap((mark, excluded) -> (toUInt8(excluded > 0 AND excluded - tupleElement(mark, 3) <= 1209600000000), toUInt8(1), toInt64(tupleElement(mark, 3)), -toInt64(tupleElement(mark, 3)), [tupleElement(mark, 3)], toUInt32(tupleElement(mark, 2))), marks_1, arrayPushBack(arrayPopFront(arrayReverseFill(item -> item != 0, arrayMap((key, moment) -> if(bitAnd(toUInt32(bitAnd(key, 1)), 1) > 0, moment, 0), keys, moments))), toInt64(0))), marks_1), arrayFilter((attempt, mark) -> tupleElement(mark, 1) > 0, arrayMap((mark) -> (toUInt8(0), toUInt8(0), toInt64(tupleElement(mark, 4)), -toInt64(tupleElement(mark, 3)), [tupleElement(mark, 3), tupleElement(mark, 4)], toUInt32(tupleElement(mark, 2))), marks_2), marks_2)) AS `attempts`
      FROM (
        SELECT
          actor AS `actor`,
          breakdown AS `breakdown`,
          keys AS `keys`,
          moments AS `moments`,
          ties AS `ties`,
          marks_1 AS `marks_1`,
          arrayMap((key, tie, event, taken, moment, waiting, excluded) -> multiIf(NOT bitTest(key, 1) AND tupleElement(waiting, 1) > 0 AND moment - tupleElement(waiting, 3) <= 1209600000000 AND excluded <= tupleElement(waiting, 3) AND taken != tupleElement(waiting, 1), (toInt64(event), toInt64(tupleElement(waiting, 2)), tupleElement(waiting, 3), moment), NOT bitTest(key, 1) OR tie, (toInt64(0), toInt64(0), toInt64(0), toInt64(0)), (toInt64(-1), toInt64(0), toInt64(0), toInt64(0))), keys, ties, arrayEnumerate(keys), arrayPushFront(arrayPopBack(arrayFill(item -> item != 0, arrayMap((key, moment, waiting, excluded) -> if(NOT bitTest(key, 1) AND tupleElement(waiting, 1) > 0 AND moment - tupleElement(waiting, 3) <= 1209600000000 AND excluded <= tupleElement(waiting, 3), tupleElement(waiting, 1), 0), keys, moments, waiting, excluded))), toInt64(0)), moments, waiting, excluded) AS `marks_2`
        FROM (
          SELECT
            actor AS `actor`,
            breakdown AS `breakdown`,
            keys AS `keys`,
            moments AS `moments`,
            ties AS `ties`,
            marks_1 AS `marks_1`,
            arrayPushFront(arrayPopBack(arrayFill(mark -> tupleElement(mark, 1) != 0, marks_1)), (toInt64(0), toInt64(0), toInt64(0))) AS `waiting`,
            arrayPushFront(arrayPopBack(arrayFill(item -> item != 0, arrayMap((key, moment) -> if(bitAnd(toUInt32(bitAnd(key, 1)), 1) > 0, moment, 0), keys, moments))), toInt64(0)) AS `excluded`
          FROM (
            SELECT
              actor AS `actor`,
              breakdown AS `breakdown`,
              keys AS `keys`,
              moments AS `moments`,
              ties AS `ties`,
              arrayMap((key, tie, event, moment) -> multiIf(NOT bitTest(key, 2), (toInt64(event), toInt64(0), moment), NOT bitTest(key, 2) OR tie, (toInt64(0), toInt64(0), toInt64(0)), (toInt64(-1), toInt64(0), toInt64(0))), keys, ties, arrayEnumerate(keys), moments) AS `marks_1`
            FROM (
              SELECT
                actor AS `actor`,
                breakdown AS `breakdown`,
                keys AS `keys`,
                moments AS `moments`,
                arrayMap((first, last) -> first != last, arrayFill(item -> item != 0, arrayMap((is_edge, key) -> if(is_edge, toInt64(toUInt32(bitXor(bitAnd(bitShiftRight(key, 1), 3), 3))) + 1, 0), arrayMap((moment, other) -> moment != other, moments, arrayPushFront(arrayPopBack(moments), toInt64(0))), keys)), arrayReverseFill(item -> item != 0, arrayMap((is_edge, key) -> if(is_edge, toInt64(toUInt32(bitXor(bitAnd(bitShiftRight(key, 1), 3), 3))) + 1, 0), arrayMap((moment, other) -> moment != other, moments, arrayPushBack(arrayPopFront(moments), toInt64(0))), keys))) AS `ties`
              FROM (
                SELECT
                  actor AS `actor`,
                  breakdown AS `breakdown`,
                  keys AS `keys`,
                  arrayMap(key -> toInt64(bitShiftRight(key, 3)), keys) AS `moments`
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
                        bitShiftLeft(toUInt64(toUnixTimestamp64Micro(timestamp) - (-2240524800000000)), 3) + 4 * (ifNull(event = '$pageview', 0) = 0) + 2 * (ifNull(event = 'purchase', 0) = 0) + 1 * (ifNull(event = 'cancel', 0) != 0) AS `key`,
                        '' AS `value`
                      FROM (SELECT event AS `event`, person_id AS `person_id`, timestamp AS `timestamp` FROM events WHERE project_id = 1) AS `events`
                      LEFT ANY JOIN (SELECT old_person_id, person_id AS new_person_id FROM person_overrides FINAL WHERE project_id = 1 AND is_deleted = 0) AS `overrides` ON events.person_id = overrides.old_person_id
                      WHERE timestamp >= toDateTime64('2026-03-02 00:00:00.000000', 6, 'UTC')
                        AND timestamp <= toDateTime64('2026-03-04 23:59:59.999999', 6, 'UTC')
                    )
                    WHERE isNotNull(actor)
                    GROUP BY actor
                    HAVING max(toUInt32(bitXor(bitAnd(bitShiftRight(key, 1), 3), 3)) > 0)
                  )
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
