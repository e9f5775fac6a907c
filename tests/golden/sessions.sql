SELECT
  session_id AS `column_0`,
  "$entry_pathname" AS `column_1`
FROM (SELECT `a.session_id` AS `__session_key`, toString(`a.session_id`) AS `session_id`, `a.start` AS `$start_timestamp`, path(`a.entry_url`) AS `$entry_pathname`, if(`a.pageviews` + `a.screens` = 0, NULL, toBool(NOT (`a.pageviews` + `a.screens` > 1 OR `a.autocaptures` > 0 OR dateDiff('second', `a.start`, `a.end`) >= 10))) AS `$is_bounce` FROM (SELECT session_uuid AS `a.session_id`, min(timestamp) AS `a.start`, max(timestamp) AS `a.end`, countIf(event = '$pageview') AS `a.pageviews`, countIf(event = '$screen') AS `a.screens`, countIf(event = '$autocapture') AS `a.autocaptures`, argMin(current_url, bitOr(bitShiftLeft(toUInt128(toUnixTimestamp64Micro(timestamp) + if(event IN ('$pageview', '$screen'), 0, 2305843009213693952) + 4503599627370496), 64), toUInt128(cityHash64(uuid)))) AS `a.entry_url` FROM events WHERE project_id = 1 AND session_uuid != toUUID('00000000-0000-0000-0000-000000000000') AND timestamp >= toDateTime64('2026-02-27 00:00:00.000000', 6, 'UTC') GROUP BY session_uuid) AS s) AS `sessions`
WHERE `$start_timestamp` > toDateTime64('2026-03-02 00:00:00.000000', 6, 'UTC')
  AND toString(toNullable(`$is_bounce`)) = 'true'
  AND `__session_key` IN (SELECT
  __session_uuid AS `session`
FROM (SELECT event AS `event`, timestamp AS `timestamp`, session_uuid AS `__session_uuid` FROM events WHERE project_id = 1) AS `events`
WHERE timestamp >= toDateTime64('2026-02-27 00:00:00.000000', 6, 'UTC')
  AND event = 'purchase')
ORDER BY `$start_timestamp` DESC, `session_id`
LIMIT 101
