-- Reads one complete session.
-- For `show`, and every command that reads the data of a single session.
-- IS NOT DISTINCT FROM is like =, but NULL matches a NULL app_name.
SELECT "session_id", "app_name", "valid_session", "max_inactive", "last_access", LENGTH("session_data"), "session_data"
FROM "tomcat_sessions"
WHERE "session_id" = :id AND "app_name" IS NOT DISTINCT FROM :app
