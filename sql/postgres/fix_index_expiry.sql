-- Adds the column and the index for the search for expired sessions; create_table.sql says why.
-- The application becomes a column that is never NULL: a row without one would not be found by the index.
-- The timeout gets 64 bits: a product that does not fit into 32 would fail an INSERT.
ALTER TABLE "tomcat_sessions" ALTER COLUMN "app_name" SET NOT NULL, ALTER COLUMN "max_inactive" TYPE BIGINT;
CREATE INDEX IF NOT EXISTS "kexpires_at" ON "tomcat_sessions" ("app_name", ("last_access" + "max_inactive" * 1000), "session_id", "max_inactive")
