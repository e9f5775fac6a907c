SELECT
  breakdown AS `breakdown`,
  groupArray(bucket) AS `buckets`,
  groupArray(toFloat64(ifNull(value, 0))) AS `values`
FROM (
  SELECT
    '' AS `breakdown`,
    bucket AS `bucket`,
    count() AS `value`
  FROM (
    SELECT
      toDate(timestamp, 'UTC') AS `bucket`,
      '' AS `breakdown`
    FROM (SELECT event AS `event`, timestamp AS `timestamp` FROM events WHERE project_id = 1) AS `events`
    WHERE timestamp >= toDateTime64('2026-03-02 00:00:00.000000', 6, 'UTC')
      AND timestamp <= toDateTime64('2026-03-04 23:59:59.999999', 6, 'UTC')
      AND event = '$pageview'
  )
  GROUP BY bucket
)
GROUP BY breakdown
