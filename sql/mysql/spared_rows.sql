-- Reads the columns of sessions of one application by key, those too that others have locked.
-- COALESCE and FORCE INDEX have their reasons in lock_rows.sql.
SELECT `session_id`, `app_name`, `valid_session`, `max_inactive`, `last_access`, LENGTH(`session_data`)
FROM `tomcat_sessions`
  FORCE INDEX (PRIMARY) -- if primary
WHERE `session_id` IN (:ids) AND COALESCE(`app_name` <=> :app, FALSE)
