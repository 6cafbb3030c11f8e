-- Locks sessions of one application by key, and reads their columns under the lock.
-- For every command that deletes, moves or replaces rows.
-- It must not lock rows that are not in the list, or wait for a row that Tomcat is writing.
-- SKIP LOCKED skips rows that Tomcat is writing (MySQL 8.0.1, MariaDB 10.6).
-- COALESCE hides the application from the optimizer. With stale statistics, or few sessions in the application, it would
-- use the index on the application instead of the key, and read and lock all of its rows for each batch.
-- In a small table it would prefer a scan, and lock other rows for a moment: hence FORCE INDEX.
SELECT `session_id`, `app_name`, `valid_session`, `max_inactive`, `last_access`, LENGTH(`session_data`)
FROM `tomcat_sessions`
  FORCE INDEX (PRIMARY) -- if primary
WHERE `session_id` IN (:ids) AND COALESCE(`app_name` <=> :app, FALSE)
  AND `max_inactive` > 0 AND `last_access` < :cutoff - LEAST(`max_inactive`, 9000000000000000) * 1000 -- if cutoff
  AND `last_access` < :accessed_before -- if accessed_before
FOR UPDATE SKIP LOCKED -- if lock
