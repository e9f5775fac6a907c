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
          arraySlice(if(arrayFirstIndex(step -> step.2 = '/', path) > 0, arraySlice(path, greatest(arrayFirstIndex(step -> step.2 = '/', path), 1)), []), 1, 5) AS `path`
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
                  if(overrides.new_person_id = toUUID('00000000-0000-0000-0000-000000000000'), events.person_id, overrides.new_person_id) AS `actor`,
                  toUnixTimestamp64Micro(timestamp) AS `moment`,
                  multiIf(event = '$pageview', if(endsWith(ifNull("__hot_current_url", ''), '/') AND ifNull("__hot_current_url", '') != '/', substring(ifNull("__hot_current_url", ''), 1, length(ifNull("__hot_current_url", '')) - 1), ifNull("__hot_current_url", '')), event = '$screen', ifNull("__hot_screen_name", ''), NOT startsWith(event, '$'), toString(event), '') AS `item`
                FROM (SELECT event AS `event`, person_id AS `person_id`, timestamp AS `timestamp`, current_url AS `__hot_current_url`, screen_name AS `__hot_screen_name` FROM events WHERE project_id = 1) AS `events`
                LEFT ANY JOIN (SELECT old_person_id, person_id AS new_person_id FROM person_overrides FINAL WHERE project_id = 1 AND is_deleted = 0) AS `overrides` ON events.person_id = overrides.old_person_id
                WHERE timestamp >= toDateTime64('2026-03-02 00:00:00.000000', 6, 'UTC')
                  AND timestamp <= toDateTime64('2026-03-04 23:59:59.999999', 6, 'UTC')
                  AND (event = '$pageview' OR event = '$screen' OR NOT startsWith(event, '$'))
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
