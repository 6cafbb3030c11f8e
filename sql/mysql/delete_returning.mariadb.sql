-- Deletes sessions of one application by key and returns their columns before the deletion, in one statement.
-- For `expire`, `delete` and `logout`, where one round trip saves time.
-- It must not delete a row that no longer meets the bounds, or wait for a row that Tomcat has locked.
-- A DELETE cannot skip rows that others have locked: it fails at the first one (error 1205) without waiting, and
-- lock_rows and delete_rows are used instead.
-- COALESCE hides the application from the optimizer, as in delete_rows.sql (MariaDB 10.3).
SET STATEMENT innodb_lock_wait_timeout = 0, lock_wait_timeout = 0 FOR -- if no_wait
DELETE FROM `tomcat_sessions`
WHERE `session_id` IN (:ids) AND COALESCE(`app_name` <=> :app, FALSE)
  AND `max_inactive` > 0 AND `last_access` < :cutoff - LEAST(`max_inactive`, 9000000000000000) * 1000 -- if cutoff
  AND `last_access` < :accessed_before -- if accessed_before
RETURNING `session_id`, `app_name`, `valid_session`, `max_inactive`, `last_access`, LENGTH(`session_data`)
