-- Locks sessions of one application by key and reads their columns as they are under the lock.
-- SQLite locks the whole database, and has done so when the transaction began (BEGIN IMMEDIATE).
SELECT `session_id`, `app_name`, `valid_session`, `max_inactive`, `last_access`, octet_length(`session_data`)
FROM `tomcat_sessions`
WHERE `app_name` IS :app AND `session_id` IN (:ids)
  AND `max_inactive` > 0 AND `last_access` < :cutoff - min(`max_inactive`, 9000000000000000) * 1000 -- if cutoff
  AND `last_access` < :accessed_before -- if accessed_before
