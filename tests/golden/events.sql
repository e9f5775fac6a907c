SELECT
  tuple(uuid, event, properties, timestamp, distinct_id, elements_chain) AS `column_0`,
  JSONExtract("properties", 'plan', 'Nullable(String)') AS `column_1`
FROM (SELECT uuid AS `uuid`, event AS `event`, distinct_id AS `distinct_id`, timestamp AS `timestamp`, properties AS `properties`, elements_chain AS `elements_chain` FROM events WHERE project_id = 1) AS `events`
WHERE timestamp > toDateTime64('2026-03-02 00:00:00.000000', 6, 'UTC')
  AND toFloat64OrNull(JSONExtract("properties", 'amount', 'Nullable(String)')) > 3
ORDER BY timestamp DESC, uuid
LIMIT 101
