SELECT
  band AS `band`,
  path AS `path`,
  value AS `value`
FROM (
  SELECT
    multiIf(value <= 2500.0, 0, value <= 4000.0, 1, 2) AS `band`,
    path AS `path`,
    value AS `value`,
    row_number() OVER (PARTITION BY multiIf(value <= 2500.0, 0, value <= 4000.0, 1, 2) ORDER BY value, path) AS `place`
  FROM (
    SELECT
      path AS `path`,
      quantileExactInclusive(0.75)(measured) AS `value`
    FROM (
      SELECT
        "__hot_pathname" AS `path`,
        toFloat64OrNull(JSONExtract("properties", '$web_vitals_LCP_value', 'Nullable(String)')) AS `measured`
      FROM (SELECT event AS `event`, timestamp AS `timestamp`, properties AS `properties`, pathname AS `__hot_pathname` FROM events WHERE project_id = 1) AS `events`
      WHERE timestamp >= toDateTime64('2026-03-02 00:00:00.000000', 6, 'UTC')
        AND timestamp <= toDateTime64('2026-03-04 23:59:59.999999', 6, 'UTC')
        AND event = '$web_vitals'
        AND notEmpty(ifNull("__hot_pathname", ''))
        AND toFloat64OrNull(JSONExtract("properties", '$web_vitals_LCP_value', 'Nullable(String)')) IS NOT NULL
    )
    GROUP BY path
  )
)
WHERE place <= 20
ORDER BY band, value, path
