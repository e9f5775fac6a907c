SELECT
  ifNull(nullIf(JSONExtract("properties", 'name', 'Nullable(String)'), ''), key) AS `column_0`,
  key AS `column_1`
FROM (SELECT group_type_index AS `index`, group_key AS `key`, created_at AS `created_at`, properties AS `properties`, group_type_index AS `group_type_index`, group_key AS `group_key` FROM groups FINAL WHERE project_id = 1 AND is_deleted = 0) AS `groups`
WHERE group_type_index = 0
  AND (positionCaseInsensitiveUTF8(key, 'acme') > 0 OR positionCaseInsensitiveUTF8(ifNull(nullIf(JSONExtract("properties", 'name', 'Nullable(String)'), ''), key), 'acme') > 0)
ORDER BY key
LIMIT 101
