-- Locks sessions of one application by key, and reads their columns under the lock.
-- For every command that deletes, moves or replaces rows.
-- It must not lock rows that are not in the list, or wait for a row that Tomcat is writing.
-- SKIP LOCKED skips rows that Tomcat is writing at this moment. Under READ COMMITTED, the condition is checked again
-- after the row has been locked. COALESCE hides the application from the planner, which could otherwise use the index on
-- the application and read all rows of the application for each batch.
SELECT "session_id", "app_name", "valid_session", "max_inactive", "last_access", LENGTH("session_data")
FROM "tomcat_sessions"
WHERE "session_id" IN (:ids) AND COALESCE("app_name" IS NOT DISTINCT FROM :app, FALSE)
  AND "max_inactive" > 0 AND "last_access" < :cutoff - LEAST(GREATEST("max_inactive", 0), 9000000000000000) * 1000 -- if cutoff
  AND "last_access" < :accessed_before -- if accessed_before
FOR UPDATE SKIP LOCKED -- if lock
