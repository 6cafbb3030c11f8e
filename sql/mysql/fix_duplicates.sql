-- Deletes the duplicates: of the rows of one session the one that was used last is kept.
DELETE older
FROM `tomcat_sessions` AS older
JOIN `tomcat_sessions` AS newer
  ON newer.`session_id` = older.`session_id` AND newer.`app_name` = older.`app_name`
WHERE COALESCE(newer.`last_access`, 0) > COALESCE(older.`last_access`, 0)
  OR (COALESCE(newer.`last_access`, 0) = COALESCE(older.`last_access`, 0) AND newer.copy_number > older.copy_number)
