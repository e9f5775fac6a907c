SELECT
  source AS `source`,
  target AS `target`,
  count() AS `weight`,
  avg(wait_us) / 1000 AS `mean_ms`
FROM (
  SELECT
    actor AS `actor`,
    concat(toString(step.1), '_', step.2) AS `source`,
    concat(toString(step.1 + 1), '_', step.4) AS `target`,
    step.5 - step.3 AS `wait_us`
  FROM (
    SELECT
      actor AS `actor`,
      arrayJoin(arrayPopBack(arrayZip(arrayEnumerate(path), tupleElement(path, 2), tupleElement(path, 1), arrayPushBack(arrayPopFront(tupleElement(path, 2)), ''), arrayPushBack(arrayPopFront(tupleElement(path, 1)), 0)))) AS `step`
    FROM (
      SELECT
        actor AS `actor`,
        arraySlice(path, 1, 5) AS `path`
      FROM (
        SELECT
          actor AS `actor`,
          arrayFilter((step, next) -> step.2 != next.2, walk, arrayPushBack(arrayPopFront(walk), (toInt64(0), ''))) AS `path`
        FROM (
          SELECT
            actor AS `actor`,
            arrayJoin(arraySplit((step, gap) -> gap >= 1800000000, sorted, arrayMap((now, before) -> now.1 - before.1, sorted, arrayPushFront(arrayPopBack(sorted), sorted[1])))) AS `walk`
          FROM (
            SELECT
              actor AS `actor`,
              arraySort(groupArray((moment, item))) AS `sorted`
            FROM (
              SELECT
                steps.actor AS `actor`,
                steps.moment AS `moment`,
                steps.item AS `item`
              FROM (
                SELECT
                  if(overrides.new_person_id = toUUID('00000000-0000-0000-0000-000000000000'), events.person_id, overrides.new_person_id) AS `actor`,
                  toUnixTimestamp64Micro(timestamp) AS `moment`,
                  multiIf(event = '$pageview', if("__hot_current_url" = '/', '/', replaceRegexpOne(ifNull("__hot_current_url", ''), '/$', '')), event = '$screen', ifNull("__hot_screen_name", ''), NOT startsWith(event, '$'), toString(event), '') AS `item`
                FROM (SELECT event AS `event`, person_id AS `person_id`, timestamp AS `timestamp`, current_url AS `__hot_current_url`, screen_name AS `__hot_screen_name` FROM events WHERE project_id = 1) AS `events`
                LEFT ANY JOIN (SELECT old_person_id, person_id AS new_person_id FROM person_overrides FINAL WHERE project_id = 1 AND is_deleted = 0) AS `overrides` ON events.person_id = overrides.old_person_id
                WHERE timestamp >= toDateTime64('2026-03-02 00:00:00.000000', 6, 'UTC')
                  AND timestamp <= toDateTime64('2026-03-04 23:59:59.999999', 6, 'UTC')
                  AND (event = '$pageview' OR event = '$screen' OR NOT startsWith(event, '$'))
              ) AS `steps`
              INNER JOIN (
                SELECT
                  actor AS `actor`,
                  moments[1] + (-2240524800000000) AS `since`,
                  moments[2] + (-2240524800000000) AS `until`
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
                        arrayConcat(arrayFilter((attempt, mark) -> tupleElement(mark, 1) > 0, arrayMap((mark) -> (toUInt8(0), toUInt8(1), toInt64(tupleElement(mark, 3)), -toInt64(tupleElement(mark, 3)), [tupleElement(mark, 3)], toUInt32(tupleElement(mark, 2))), marks_1), marks_1), arrayFilter((attempt, mark) -> tupleElement(mark, 1) > 0, arrayMap((mark) -> (toUInt8(0), toUInt8(0), toInt64(tupleElement(mark, 4)), -toInt64(tupleElement(mark, 3)), [tupleElement(mark, 3), tupleElement(mark, 4)], toUInt32(tupleElement(mark, 2))), marks_2), marks_2)) AS `attempts`
                      FROM (
                        SELECT
                          actor AS `actor`,
                          breakdown AS `breakdown`,
                          arrayFilter((mark, key) -> key = arrayMin(key_1) AND key != toUInt128(1329227995784915872903807060280344576) AND arrayMin(key_2) = toUInt128(1329227995784915872903807060280344576), marks_1, key_1) AS `marks_1`,
                          arrayFilter((mark, key) -> key = arrayMin(key_2) AND key != toUInt128(1329227995784915872903807060280344576), marks_2, key_2) AS `marks_2`
                        FROM (
                          SELECT
                            actor AS `actor`,
                            breakdown AS `breakdown`,
                            marks_1 AS `marks_1`,
                            marks_2 AS `marks_2`,
                            arrayMap(mark -> if(tupleElement(mark, 1) > 0, bitShiftLeft(toUInt128(tupleElement(mark, 3)), 54) + (18014398509481983 - tupleElement(mark, 3)), toUInt128(1329227995784915872903807060280344576)), marks_1) AS `key_1`,
                            arrayMap(mark -> if(tupleElement(mark, 1) > 0, bitShiftLeft(toUInt128(tupleElement(mark, 4)), 54) + (18014398509481983 - tupleElement(mark, 3)), toUInt128(1329227995784915872903807060280344576)), marks_2) AS `key_2`
                          FROM (
                            SELECT
                              actor AS `actor`,
                              breakdown AS `breakdown`,
                              moments AS `moments`,
                              steps AS `steps`,
                              taints AS `taints`,
                              marks_1 AS `marks_1`,
                              arrayMap((step, event, taken, moment, waiting) -> if(bitTest(step, 1) AND tupleElement(waiting, 1) > 0 AND moment - tupleElement(waiting, 3) <= 1209600000000 AND taken != tupleElement(waiting, 1), (toInt64(event), toInt64(tupleElement(waiting, 2)), tupleElement(waiting, 3), moment), (toInt64(0), toInt64(0), toInt64(0), toInt64(0))), steps, arrayEnumerate(steps), arrayPushFront(arrayPopBack(arrayFill(item -> item != 0, arrayMap((step, moment, waiting) -> if(bitTest(step, 1) AND tupleElement(waiting, 1) > 0 AND moment - tupleElement(waiting, 3) <= 1209600000000, tupleElement(waiting, 1), 0), steps, moments, waiting))), toInt64(0)), moments, waiting) AS `marks_2`
                            FROM (
                              SELECT
                                actor AS `actor`,
                                breakdown AS `breakdown`,
                                moments AS `moments`,
                                steps AS `steps`,
                                taints AS `taints`,
                                marks_1 AS `marks_1`,
                                arrayPushFront(arrayPopBack(arrayFill(mark -> tupleElement(mark, 1) != 0, marks_1)), (toInt64(0), toInt64(0), toInt64(0))) AS `waiting`
                              FROM (
                                SELECT
                                  actor AS `actor`,
                                  breakdown AS `breakdown`,
                                  moments AS `moments`,
                                  steps AS `steps`,
                                  taints AS `taints`,
                                  arrayMap((step, event, moment) -> if(bitTest(step, 0), (toInt64(event), toInt64(0), moment), (toInt64(0), toInt64(0), toInt64(0))), steps, arrayEnumerate(steps), moments) AS `marks_1`
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
                                          toUInt32(0) AS `taint`,
                                          '' AS `value`
                                        FROM (SELECT event AS `event`, person_id AS `person_id`, timestamp AS `timestamp` FROM events WHERE project_id = 1) AS `events`
                                        LEFT ANY JOIN (SELECT old_person_id, person_id AS new_person_id FROM person_overrides FINAL WHERE project_id = 1 AND is_deleted = 0) AS `overrides` ON events.person_id = overrides.old_person_id
                                        WHERE timestamp >= toDateTime64('2026-03-02 00:00:00.000000', 6, 'UTC')
                                          AND timestamp <= toDateTime64('2026-03-04 23:59:59.999999', 6, 'UTC')
                                          AND (event = '$pageview' OR event = 'purchase')
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
                    )
                    WHERE notEmpty(attempts)
                  )
                  WHERE tupleElement(best, 1) = 0
                    AND tainted_depth <= 2 - tupleElement(best, 2)
                )
                WHERE depth >= 2
              ) AS `funnel` ON steps.actor = funnel.actor
              WHERE steps.moment >= funnel.since
                AND steps.moment <= funnel.until
            )
            WHERE notEmpty(item)
            GROUP BY actor
          )
        )
      )
    )
    WHERE length(path) > 1
  )
)
GROUP BY source, target
ORDER BY weight DESC, source, target
LIMIT 50
