-- Creates the index on the expiry time.
-- The index is on the expression in Tomcat's query, so that both Tomcat and `expire` use it. PostgreSQL would not use an
-- index on a generated column for that query. For rows that never expire (max_inactive of 0 or less) the expression is
-- in the past; max_inactive is in the index, so that they are skipped without being read.
CREATE INDEX IF NOT EXISTS "kexpires_at" ON "tomcat_sessions" ("app_name", ("last_access" + "max_inactive" * 1000), "session_id", "max_inactive")
