-- Copies sessions of one application into the other table by key; the originals are deleted in the same transaction.
-- For `swap-out` and `swap-in` within one database.
-- It must not copy a row that is not locked by this transaction.
-- The rows are locked already, those of the other table too. COALESCE as in delete_rows.sql. The SELECT takes no locks, and reads
-- what the locks keep as it was judged.
INSERT INTO "tomcat_sessions_swapped" ("session_id", "app_name", "valid_session", "max_inactive", "last_access", "session_data")
SELECT "session_id", "app_name", "valid_session", "max_inactive", "last_access", "session_data"
FROM "tomcat_sessions"
WHERE "session_id" IN (:ids) AND COALESCE("app_name" IS NOT DISTINCT FROM :app, FALSE)
  AND "last_access" < :accessed_before -- if accessed_before
