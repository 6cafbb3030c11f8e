-- Creates the recommended table. It has the columns of the documented one; any Tomcat configured for that table works unchanged.
-- * The primary key is (session_id, app_name): with sessionCookiePath="/" two contexts share an id, and with a key on the
--   id alone the save of the second one fails with a duplicate key.
-- * session_id and app_name are sorted by their bytes (COLLATE "C"). That is faster than sorting by the rules of a
--   language. An upgrade of the operating system can change those rules, and so corrupt an index; it does not change the
--   order of bytes.
-- * max_inactive is BIGINT: Tomcat's expiry query multiplies it by 1000 in its own type. With INT the query fails for the
--   whole application as soon as one session has a timeout above 24.8 days (error 22003).
-- * Tomcat saves with DELETE and INSERT, and a deleted row takes up space until the next vacuum. Autovacuum therefore
--   starts after 2 % of the rows have changed instead of 20 %, also in the TOAST table, which stores long data. No row is
--   updated, so a fillfactor below 100 would only waste space.
CREATE TABLE IF NOT EXISTS "tomcat_sessions" (
  "session_id" VARCHAR(100) COLLATE "C" NOT NULL,
  "valid_session" CHAR(1) NOT NULL,
  "max_inactive" BIGINT NOT NULL,
  "last_access" BIGINT NOT NULL,
  "app_name" VARCHAR(255) COLLATE "C" NOT NULL,
  "session_data" BYTEA,
  PRIMARY KEY ("session_id", "app_name")
) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.05, toast.autovacuum_vacuum_scale_factor = 0.02)
