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
        arrayConcat(arrayFilter((attempt, mark) -> tupleElement(mark, 1) > 0, arrayMap((mark, excluded) -> (toUInt8(excluded > 0 AND excluded - tupleElement(mark, 3) <= 1209600000000), toUInt8(1), toInt64(tupleElement(mark, 3)), -toInt64(tupleElement(mark, 3)), [tupleElement(mark, 3)], toUInt32(tupleElement(mark, 2))), marks_1, arrayPushBack(arrayPopFront(arrayReverseFill(item -> item != 0, arrayMap((taint, moment) -> if(bitAnd(taint, 1) > 0, moment, 0), taints, moments))), toInt64(0))), marks_1), arrayFilter((attempt, mark) -> tupleElement(mark, 1) > 0, arrayMap((mark) -> (toUInt8(0), toUInt8(0), toInt64(tupleElement(mark, 4)), -toInt64(tupleElement(mark, 3)), [tupleElement(mark, 3), tupleElement(mark, 4)], toUInt32(tupleElement(mark, 2))), marks_2), marks_2)) AS `attempts`
      FROM (
        SELECT
          actor AS `actor`,
          breakdown AS `breakdown`,
          moments AS `moments`,
          steps AS `steps`,
          taints AS `taints`,
          ties AS `ties`,
          marks_1 AS `marks_1`,
          arrayMap((step, tie, event, taken, moment, waiting, excluded) -> multiIf(bitTest(step, 1) AND tupleElement(waiting, 1) > 0 AND moment - tupleElement(waiting, 3) <= 1209600000000 AND excluded <= tupleElement(waiting, 3) AND taken != tupleElement(waiting, 1), (toInt64(event), toInt64(tupleElement(waiting, 2)), tupleElement(waiting, 3), moment), bitTest(step, 1) OR tie, (toInt64(0), toInt64(0), toInt64(0), toInt64(0)), (toInt64(-1), toInt64(0), toInt64(0), toInt64(0))), steps, ties, arrayEnumerate(steps), arrayPushFront(arrayPopBack(arrayFill(item -> item != 0, arrayMap((step, moment, waiting, excluded) -> if(bitTest(step, 1) AND tupleElement(waiting, 1) > 0 AND moment - tupleElement(waiting, 3) <= 1209600000000 AND excluded <= tupleElement(waiting, 3), tupleElement(waiting, 1), 0), steps, moments, waiting, excluded))), toInt64(0)), moments, waiting, excluded) AS `marks_2`
        FROM (
          SELECT
            actor AS `actor`,
            breakdown AS `breakdown`,
            moments AS `moments`,
            steps AS `steps`,
            taints AS `taints`,
            ties AS `ties`,
            marks_1 AS `marks_1`,
            arrayPushFront(arrayPopBack(arrayFill(mark -> tupleElement(mark, 1) != 0, marks_1)), (toInt64(0), toInt64(0), toInt64(0))) AS `waiting`,
            arrayPushFront(arrayPopBack(arrayFill(item -> item != 0, arrayMap((taint, moment) -> if(bitAnd(taint, 1) > 0, moment, 0), taints, moments))), toInt64(0)) AS `excluded`
          FROM (
            SELECT
              actor AS `actor`,
              breakdown AS `breakdown`,
              moments AS `moments`,
              steps AS `steps`,
              taints AS `taints`,
              ties AS `ties`,
              arrayMap((step, tie, event, moment) -> multiIf(bitTest(step, 0), (toInt64(event), toInt64(0), moment), bitTest(step, 0) OR tie, (toInt64(0), toInt64(0), toInt64(0)), (toInt64(-1), toInt64(0), toInt64(0))), steps, ties, arrayEnumerate(steps), moments) AS `marks_1`
            FROM (
              SELECT
                actor AS `actor`,
                breakdown AS `breakdown`,
                moments AS `moments`,
                steps AS `steps`,
                taints AS `taints`,
                arrayMap((first, last) -> first != last, arrayFill(item -> item != 0, arrayMap((is_edge, step) -> if(is_edge, toInt64(step) + 1, 0), arrayMap((moment, other) -> moment != other, moments, arrayPushFront(arrayPopBack(moments), toInt64(0))), steps)), arrayReverseFill(item -> item != 0, arrayMap((is_edge, step) -> if(is_edge, toInt64(step) + 1, 0), arrayMap((moment, other) -> moment != other, moments, arrayPushBack(arrayPopFront(moments), toInt64(0))), steps))) AS `ties`
              FROM (
                SELECT
                  actor AS `actor`,
                  breakdown AS `breakdown`,
                  sorted.1 AS `moments`,
                  sorted.3 AS `steps`,
                  sorted.4 AS `taints`
                FROM (
                  SELECT
                    actor AS `actor`,
                    '' AS `breakdown`,
                    arraySort(groupArray((moment, place, step, taint))) AS `sorted`
                  FROM (
                    SELECT
                      actor AS `actor`,
                      moment AS `moment`,
                      step AS `step`,
                      taint AS `taint`,
                      value AS `value`,
                      if(step = 0, 31, bitCount(bitXor(step, step - 1))) AS `place`
                    FROM (
                      SELECT
                        if(overrides.new_person_id = toUUID('00000000-0000-0000-0000-000000000000'), events.person_id, overrides.new_person_id) AS `actor`,
                        toUnixTimestamp64Micro(timestamp) - (-2240524800000000) AS `moment`,
                        toUInt32(bitShiftLeft(toUInt32(ifNull(event = '$pageview', 0)), 0) + bitShiftLeft(toUInt32(ifNull(event = 'purchase', 0)), 1)) AS `step`,
                        toUInt32(bitShiftLeft(toUInt32(ifNull(event = 'cancel', 0)), 0)) AS `taint`,
                        '' AS `value`
                      FROM (SELECT event AS `event`, person_id AS `person_id`, timestamp AS `timestamp` FROM events WHERE project_id = 1) AS `events`
                      LEFT ANY JOIN (SELECT old_person_id, person_id AS new_person_id FROM person_overrides FINAL WHERE project_id = 1 AND is_deleted = 0) AS `overrides` ON events.person_id = overrides.old_person_id
                      WHERE timestamp >= toDateTime64('2026-03-02 00:00:00.000000', 6, 'UTC')
                        AND timestamp <= toDateTime64('2026-03-04 23:59:59.999999', 6, 'UTC')
                    )
                  )
                  WHERE isNotNull(actor)
                  GROUP BY actor
                  HAVING max(step) > 0
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
