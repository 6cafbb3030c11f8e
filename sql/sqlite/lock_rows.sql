-- Locks sessions of one application by key, and reads their columns under the lock.
-- For every command that deletes, moves or replaces rows.
-- It must not lock rows that are not in the list, or wait for a row that Tomcat is writing.
-- SQLite locked the whole database when the transaction began (BEGIN IMMEDIATE).
SELECT `session_id`, `app_name`, `valid_session`, `max_inactive`, `last_access`, octet_length(`session_data`)
FROM `tomcat_sessions`
WHERE `app_name` IS :app AND `session_id` IN (:ids)
  AND `max_inactive` > 0 AND `last_access` < :cutoff - min(`max_inactive`, 9000000000000000) * 1000 -- if cutoff
  AND `last_access` < :accessed_before -- if accessed_before
