-- Reads the columns of sessions of one application by key, those too that others have locked.
-- SQLite has no locks on rows.
SELECT `session_id`, `app_name`, `valid_session`, `max_inactive`, `last_access`, octet_length(`session_data`)
FROM `tomcat_sessions`
WHERE `app_name` IS :app AND `session_id` IN (:ids)
