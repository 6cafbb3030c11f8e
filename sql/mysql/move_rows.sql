-- Copies sessions of one application into the other table by key; the originals are deleted in the same transaction.
-- For `swap-out` and `swap-in` within one database.
-- It must not copy a row that is not locked by this transaction.
-- The rows are already locked, in the other table too. COALESCE and FORCE INDEX as in delete_rows.sql: the optimizer must
-- use the key, not the application, and must not scan. Under READ COMMITTED the SELECT takes no locks; the existing locks
-- keep the rows as they were judged.
INSERT INTO `tomcat_sessions_swapped` (`session_id`, `app_name`, `valid_session`, `max_inactive`, `last_access`, `session_data`)
SELECT `session_id`, `app_name`, `valid_session`, `max_inactive`, `last_access`, `session_data`
FROM `tomcat_sessions`
  FORCE INDEX (PRIMARY) -- if primary
WHERE `session_id` IN (:ids) AND COALESCE(`app_name` <=> :app, FALSE)
  AND `last_access` < :accessed_before -- if accessed_before
