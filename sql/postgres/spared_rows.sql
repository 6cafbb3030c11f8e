-- Reads the columns of sessions of one application by key, those too that others have locked.
-- Readers wait for nobody.
SELECT "session_id", "app_name", "valid_session", "max_inactive", "last_access", LENGTH("session_data")
FROM "tomcat_sessions"
WHERE "session_id" IN (:ids) AND COALESCE("app_name" IS NOT DISTINCT FROM :app, FALSE)
