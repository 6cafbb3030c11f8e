-- Locks sessions of one application by key and reads their columns as they are under the lock.
-- A row that Tomcat is writing at this moment is left out, not waited for (MySQL 8.0.1, MariaDB 10.6).
-- COALESCE hides the application from the optimizer: with statistics that are stale, or few sessions in the application,
-- it would come by the index on the application instead of by the key, and read and lock all of them for each batch.
-- In a small table it would rather scan, and lock rows that are not asked for, if only for a moment: hence FORCE INDEX.
SELECT `session_id`, `app_name`, `valid_session`, `max_inactive`, `last_access`, LENGTH(`session_data`)
FROM `tomcat_sessions`
  FORCE INDEX (PRIMARY) -- if primary
WHERE `session_id` IN (:ids) AND COALESCE(`app_name` <=> :app, FALSE)
  AND `max_inactive` > 0 AND `last_access` < :cutoff - LEAST(`max_inactive`, 9000000000000000) * 1000 -- if cutoff
  AND `last_access` < :accessed_before -- if accessed_before
FOR UPDATE SKIP LOCKED -- if lock
