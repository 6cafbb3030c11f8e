-- Reads the columns of sessions of one application by key, including rows that others have locked.
-- For `expire`, `delete` and `migrate`, to report why a row was kept.
-- It must not replace lock_rows before a deletion: it takes no locks.
-- lock_rows.sql explains COALESCE and FORCE INDEX.
SELECT `session_id`, `app_name`, `valid_session`, `max_inactive`, `last_access`, LENGTH(`session_data`)
FROM `tomcat_sessions`
  FORCE INDEX (PRIMARY) -- if primary
WHERE `session_id` IN (:ids) AND COALESCE(`app_name` <=> :app, FALSE)
