-- Reads complete sessions by a list of ids.
-- For `export`, `migrate`, `audit`, `verify` and filters on the data.
-- It must not lock rows.
-- Several applications can have the same id: the caller drops the rows that it did not ask for.
SELECT "session_id", "app_name", "valid_session", "max_inactive", "last_access", LENGTH("session_data"), "session_data"
FROM "tomcat_sessions"
WHERE "session_id" IN (:ids)
