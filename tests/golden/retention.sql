SELECT
  breakdown AS `breakdown`,
  groupArray((row, column, actors)) AS `cells`,
  sumIf(actors, column = 0) AS `started`
FROM (
  SELECT
    breakdown AS `breakdown`,
    tupleElement(cell, 1) AS `row`,
    tupleElement(cell, 2) AS `column`,
    count() AS `actors`
  FROM (
    SELECT
      breakdown AS `breakdown`,
      arrayJoin(cells) AS `cell`
    FROM (
      SELECT
        actor AS `actor`,
        breakdown AS `breakdown`,
        arrayFlatten([arrayFlatten(arrayMap(start -> arrayConcat([(toInt64(tupleElement(start, 1)), toInt64(0))], arrayMap(distance -> (toInt64(tupleElement(start, 1)), toInt64(distance)), arrayDistinct(arrayFilter(distance -> distance >= 1 AND distance < 8, arrayMap(number -> number - tupleElement(start, 1), returns))))), starts))]) AS `cells`
      FROM (
        SELECT
          actor AS `actor`,
          '' AS `breakdown`,
          arrayMap((number, moment) -> (number, toInt64(moment)), tupleElement(sumMapIf([number], [1], is_start AND number >= 0 AND number < 8), 1), tupleElement(minMapIf([number], [moment], is_start AND number >= 0 AND number < 8), 2)) AS `starts`,
          groupUniqArrayIf(number, is_return) AS `returns`
        FROM (
          SELECT
            if(overrides.new_person_id = toUUID('00000000-0000-0000-0000-000000000000'), events.person_id, overrides.new_person_id) AS `actor`,
            toUnixTimestamp(timestamp) AS `moment`,
            toInt64(intDiv(dateDiff('day', toDate('2026-03-01'), toStartOfWeek(toDate(timestamp, 'UTC'), 0)), 7)) AS `number`,
            ifNull(event = '$pageview', 0) AS `is_start`,
            ifNull(event = '$pageview', 0) AS `matches`,
            ifNull(event = '$pageview', 0) AS `is_return`,
            '' AS `value`,
            uuid AS `event_uuid`
          FROM (SELECT uuid AS `uuid`, event AS `event`, person_id AS `person_id`, timestamp AS `timestamp` FROM events WHERE project_id = 1) AS `events`
          LEFT ANY JOIN (SELECT old_person_id, person_id AS new_person_id FROM person_overrides FINAL WHERE project_id = 1 AND is_deleted = 0) AS `overrides` ON events.person_id = overrides.old_person_id
          WHERE timestamp >= toDateTime64('2026-03-01 00:00:00.000000', 6, 'UTC')
            AND timestamp <= toDateTime64('2026-06-13 23:59:59.999999', 6, 'UTC')
            AND (event = '$pageview' OR (timestamp >= toDateTime64('2026-03-01 00:00:00.000000', 6, 'UTC') AND event = '$pageview'))
        )
        GROUP BY actor
      )
      WHERE notEmpty(starts)
    )
  )
  GROUP BY breakdown, cell
)
GROUP BY breakdown
ORDER BY started DESC, breakdown
