SELECT
  source AS `source`,
  target AS `target`,
  weight AS `weight`,
  mean_ms AS `mean_ms`
FROM (
  SELECT
    concat(toString(step), '_', from_item) AS `source`,
    concat(toString(step + 1), '_', to_item) AS `target`,
    count() AS `weight`,
    avg(wait_us) / 1000 AS `mean_ms`
  FROM (
    SELECT
      actor AS `actor`,
      pair.1 AS `step`,
      pair.2.2 AS `from_item`,
      pair.3.2 AS `to_item`,
      pair.3.1 - pair.2.1 AS `wait_us`
    FROM (
      SELECT
        actor AS `actor`,
        arrayJoin(arrayZip(arrayEnumerate(arrayPopBack(path)), arrayPopBack(path), arrayPopFront(path))) AS `pair`
      FROM (
        SELECT
          actor AS `actor`,
          arraySlice(path, 1, 5) AS `path`
        FROM (
          SELECT
            actor AS `actor`,
            arrayFilter((step, next) -> step.2 != next, walk, arrayPushBack(arrayPopFront(tupleElement(walk, 2)), '')) AS `path`
          FROM (
            SELECT
              actor AS `actor`,
              arrayJoin(arraySplit((step, gap) -> gap >= 1800000000, sorted, arrayDifference(tupleElement(sorted, 1)))) AS `walk`
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
                    multiIf(event = '$pageview', if(endsWith(ifNull("__hot_current_url", ''), '/') AND ifNull("__hot_current_url", '') != '/', substring(ifNull("__hot_current_url", ''), 1, length(ifNull("__hot_current_url", '')) - 1), ifNull("__hot_current_url", '')), event = '$screen', ifNull("__hot_screen_name", ''), NOT startsWith(event, '$'), toString(event), '') AS `item`
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
  GROUP BY step, from_item, to_item
)
ORDER BY weight DESC, source, target
LIMIT 50
