-- Adds the index for the search for expired sessions.
-- create_index_expiry.sql says why it is on an expression.
-- The application column becomes NOT NULL: the index would not find a row without an application.
-- The timeout becomes BIGINT: a product that does not fit into an INT would make an INSERT fail.
ALTER TABLE "tomcat_sessions" ALTER COLUMN "app_name" SET NOT NULL, ALTER COLUMN "max_inactive" TYPE BIGINT;
CREATE INDEX IF NOT EXISTS "kexpires_at" ON "tomcat_sessions" ("app_name", ("last_access" + "max_inactive" * 1000), "session_id", "max_inactive")
