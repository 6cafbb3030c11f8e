-- Copies sessions of one application into the other table by key; the originals are deleted in the same transaction.
-- The rows are locked already, those of the other table too. COALESCE and FORCE INDEX as in delete_rows.sql: the
-- optimizer is to come by the key, not by the application, and not to scan. Under READ COMMITTED the SELECT takes no
-- locks, and reads what the locks keep as it was judged.
INSERT INTO `tomcat_sessions_swapped` (`session_id`, `app_name`, `valid_session`, `max_inactive`, `last_access`, `session_data`)
SELECT `session_id`, `app_name`, `valid_session`, `max_inactive`, `last_access`, `session_data`
FROM `tomcat_sessions`
  FORCE INDEX (PRIMARY) -- if primary
WHERE `session_id` IN (:ids) AND COALESCE(`app_name` <=> :app, FALSE)
  AND `last_access` < :accessed_before -- if accessed_before
