SELECT
  value AS `value`,
  [toNullable(uniqExactArrayIf(actors, is_current)), NULL] AS `cell_0`,
  [toNullable(sumIf(views, is_current)), NULL] AS `cell_1`,
  [toNullable(quantileExactInclusiveArrayIf(0.9)(stays, is_current AND nth = 1)), NULL] AS `cell_2`
FROM (
  SELECT
    page.1.1 AS `value`,
    [page.1.2] AS `actors`,
    page.1.3 AS `name`,
    1 AS `views`,
    page.2 AS `nth`,
    is_current AS `is_current`,
    is_previous AS `is_previous`,
    arrayMap(item -> item.2, arrayFilter(item -> item.1 = page.1.1, all_stays)) AS `stays`
  FROM (
    SELECT
      is_current AS `is_current`,
      is_previous AS `is_previous`,
      arrayJoin(arrayZip(pages, arrayEnumerateUniq(arrayMap(page -> page.1, pages)))) AS `page`,
      all_stays AS `all_stays`
    FROM (
      SELECT
        `views` AS `views`,
        `pages` AS `pages`,
        `all_stays` AS `all_stays`,
        (`$start_timestamp` >= toDateTime64('2026-03-02 00:00:00.000000', 6, 'UTC') AND `$start_timestamp` <= toDateTime64('2026-03-04 23:59:59.999999', 6, 'UTC')) AS `is_current`,
        0 AS `is_previous`
      FROM (SELECT `a.start` AS `$start_timestamp`, `a.views` AS `views`, `a.pages` AS `pages`, `a.all_stays` AS `all_stays` FROM (SELECT session_uuid AS `a.session_id`, min(timestamp) AS `a.start`, countIf(is_page) AS `a.views`, groupArrayIf((value, actor, name), is_page AND has_value) AS `a.pages`, groupArrayIf((left_page, assumeNotNull(seconds)), isNotNull(seconds)) AS `a.all_stays` FROM (SELECT
  __session_uuid AS `session_uuid`,
  timestamp AS `timestamp`,
  if(overrides.new_person_id = toUUID('00000000-0000-0000-0000-000000000000'), events.person_id, overrides.new_person_id) AS `actor`,
  ifNull(1, 0) AS `is_wanted`,
  event IN ('$pageview', '$screen') AND ifNull(1, 0) AS `is_page`,
  concat(ifNull("__hot_host", ''), "__hot_pathname") AS `value`,
  notEmpty(ifNull("__hot_pathname", '')) AS `has_value`,
  event AS `name`,
  concat(ifNull("__hot_host", ''), JSONExtract("properties", '$prev_pageview_pathname', 'Nullable(String)')) AS `left_page`,
  if(event IN ('$pageview', '$pageleave', '$screen') AND isNotNull(JSONExtract("properties", '$prev_pageview_pathname', 'Nullable(String)')), least(toFloat64OrNull(JSONExtract("properties", '$prev_pageview_duration', 'Nullable(String)')), 86400), NULL) AS `seconds`
FROM (SELECT event AS `event`, person_id AS `person_id`, timestamp AS `timestamp`, properties AS `properties`, session_uuid AS `__session_uuid`, pathname AS `__hot_pathname`, host AS `__hot_host` FROM events WHERE project_id = 1) AS `events`
LEFT ANY JOIN (SELECT old_person_id, person_id AS new_person_id FROM person_overrides FINAL WHERE project_id = 1 AND is_deleted = 0) AS `overrides` ON events.person_id = overrides.old_person_id
WHERE timestamp >= toDateTime64('2026-02-27 00:00:00.000000', 6, 'UTC')
  AND timestamp <= toDateTime64('2026-03-07 23:59:59.999999', 6, 'UTC')
  AND __session_uuid != toUUID('00000000-0000-0000-0000-000000000000')) AS r GROUP BY session_uuid) AS s)
      WHERE views > 0
        AND ((`$start_timestamp` >= toDateTime64('2026-03-02 00:00:00.000000', 6, 'UTC') AND `$start_timestamp` <= toDateTime64('2026-03-04 23:59:59.999999', 6, 'UTC')) OR 0)
    )
  )
)
GROUP BY value
ORDER BY cell_0[1] DESC, cell_1[1] DESC, value ASC
LIMIT 101
