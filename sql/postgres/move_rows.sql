-- Copies sessions of one application into the other table by key; the originals are deleted in the same transaction.
-- For `swap-out` and `swap-in` within one database.
-- It must not copy a row that is not locked by this transaction.
-- The rows are already locked in both tables, so the SELECT takes no locks and reads the rows that were checked.
-- delete_rows.sql explains COALESCE.
INSERT INTO "tomcat_sessions_swapped" ("session_id", "app_name", "valid_session", "max_inactive", "last_access", "session_data")
SELECT "session_id", "app_name", "valid_session", "max_inactive", "last_access", "session_data"
FROM "tomcat_sessions"
WHERE "session_id" IN (:ids) AND COALESCE("app_name" IS NOT DISTINCT FROM :app, FALSE)
  AND "last_access" < :accessed_before -- if accessed_before
