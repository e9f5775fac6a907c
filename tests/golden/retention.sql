SELECT
  breakdown AS `breakdown`,
  groupArray((row, column, actors)) AS `cells`,
  sumIf(actors, column = 0) AS `started`
FROM (
  SELECT
    breakdown AS `breakdown`,
    tupleElement(cell, 1) AS `row`,
    tupleElement(cell, 2) AS `column`,
    sum(alike) AS `actors`
  FROM (
    SELECT
      breakdown AS `breakdown`,
      alike AS `alike`,
      arrayJoin(arrayFlatten([arrayFlatten(arrayMap(start -> arrayConcat([(toInt64(start), toInt64(0))], arrayMap(distance -> (toInt64(start), toInt64(distance)), arrayDistinct(arrayFilter(distance -> distance >= 1 AND distance < 8, arrayMap(number -> number - start, returns))))), starts))])) AS `cell`
    FROM (
      SELECT
        breakdown AS `breakdown`,
        starts AS `starts`,
        returns AS `returns`,
        count() AS `alike`
      FROM (
        SELECT
          actor AS `actor`,
          '' AS `breakdown`,
          arraySort(groupUniqArrayIf(number, is_return)) AS `returns`,
          arraySort(groupUniqArrayIf(number, is_start AND number >= 0 AND number < 8)) AS `starts`
        FROM (
          SELECT
            if(overrides.new_person_id = toUUID('00000000-0000-0000-0000-000000000000'), events.person_id, overrides.new_person_id) AS `actor`,
            timestamp AS `time`,
            toInt32(intDiv(dateDiff('day', toDate('2026-03-01'), toStartOfWeek(toDate(timestamp, 'UTC'), 0)), 7)) AS `number`,
            ifNull(event = '$pageview', 0) AS `is_start`,
            ifNull(event = '$pageview', 0) AS `matches`,
            ifNull(event = '$pageview', 0) AS `is_return`,
            '' AS `value`,
            uuid AS `event_uuid`
          FROM (SELECT uuid AS `uuid`, event AS `event`, person_id AS `person_id`, timestamp AS `timestamp` FROM events WHERE project_id = 1) AS `events`
          LEFT ANY JOIN (SELECT old_person_id, person_id AS new_person_id FROM person_overrides FINAL WHERE project_id = 1 AND is_deleted = 0) AS `overrides` ON events.person_id = overrides.old_person_id
          WHERE timestamp >= toDateTime64('2026-03-01 00:00:00.000000', 6, 'UTC')
            AND timestamp <= toDateTime64('2026-06-13 23:59:59.999999', 6, 'UTC')
            AND event = '$pageview'
        )
        GROUP BY actor
      )
      WHERE notEmpty(starts)
      GROUP BY breakdown, starts, returns
    )
  )
  GROUP BY breakdown, cell
)
GROUP BY breakdown
ORDER BY started DESC, breakdown
