-- Creates the index on the expiry time.
-- It is on the expression of Tomcat's query, which PostgreSQL finds by no index of a generated column: it serves Tomcat
-- and `expire` alike. Rows that never expire (max_inactive of 0 or less) expire in the past by it; max_inactive is in the
-- index, so that they are skipped there.
CREATE INDEX IF NOT EXISTS "kexpires_at" ON "tomcat_sessions" ("app_name", ("last_access" + "max_inactive" * 1000), "session_id", "max_inactive")
