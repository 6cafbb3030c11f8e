-- Deletes sessions of one application by key; with bounds, only those that still meet them.
-- For `expire`, `delete`, `logout`, `swap-out`, `swap-in`, `migrate` and `import`, after lock_rows.
-- It must not delete rows of another application, or rows outside the bounds.
-- The rows are already locked. COALESCE hides the application from the planner, which could otherwise use the index on
-- the application and read all rows of the application for each batch.
DELETE FROM "tomcat_sessions"
WHERE "session_id" IN (:ids) AND COALESCE("app_name" IS NOT DISTINCT FROM :app, FALSE)
  AND "max_inactive" > 0 AND "last_access" < :cutoff - LEAST(GREATEST("max_inactive", 0), 9000000000000000) * 1000 -- if cutoff
  AND "last_access" < :accessed_before -- if accessed_before
