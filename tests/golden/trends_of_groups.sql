SELECT
  breakdown AS `breakdown`,
  groupArray(bucket) AS `buckets`,
  groupArray(toFloat64(ifNull(value, 0))) AS `values`
FROM (
  SELECT
    '' AS `breakdown`,
    bucket AS `bucket`,
    uniqExact(input) AS `value`
  FROM (
    SELECT
      toDate(timestamp, 'UTC') AS `bucket`,
      '' AS `breakdown`,
      ifNull("__hot_group_0", '') AS `input`
    FROM (SELECT event AS `event`, timestamp AS `timestamp`, group_0 AS `__hot_group_0` FROM events WHERE project_id = 1) AS `events`
    WHERE timestamp >= toDateTime64('2026-03-02 00:00:00.000000', 6, 'UTC')
      AND timestamp <= toDateTime64('2026-03-04 23:59:59.999999', 6, 'UTC')
      AND event = '$pageview'
      AND notEmpty(ifNull("__hot_group_0", ''))
  )
  GROUP BY bucket
)
GROUP BY breakdown
