-- Deletes duplicate rows: the most recently used row of each session is kept.
DELETE older
FROM `tomcat_sessions` AS older
JOIN `tomcat_sessions` AS newer
  ON newer.`session_id` = older.`session_id` AND newer.`app_name` = older.`app_name`
WHERE COALESCE(newer.`last_access`, 0) > COALESCE(older.`last_access`, 0)
  OR (COALESCE(newer.`last_access`, 0) = COALESCE(older.`last_access`, 0) AND newer.copy_number > older.copy_number)
