-- Reads the columns of sessions of one application by key, including rows that others have locked.
-- For `expire`, `delete` and `migrate`, to report why a row was kept.
-- It must not replace lock_rows before a deletion: it takes no locks.
-- SQLite has no row locks.
SELECT `session_id`, `app_name`, `valid_session`, `max_inactive`, `last_access`, octet_length(`session_data`)
FROM `tomcat_sessions`
WHERE `app_name` IS :app AND `session_id` IN (:ids)
