-- Reads the columns of sessions of one application by key, including rows that others have locked.
-- For `expire`, `delete` and `migrate`, to report why a row was kept.
-- It must not replace lock_rows before a deletion: it takes no locks.
-- In PostgreSQL, readers never wait for writers.
SELECT "session_id", "app_name", "valid_session", "max_inactive", "last_access", LENGTH("session_data")
FROM "tomcat_sessions"
WHERE "session_id" IN (:ids) AND COALESCE("app_name" IS NOT DISTINCT FROM :app, FALSE)
