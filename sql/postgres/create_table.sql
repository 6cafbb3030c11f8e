-- Creates the recommended table. It has the columns of the published one; any Tomcat configured for that table works unchanged.
-- * The primary key is (session_id, app_name): with sessionCookiePath="/" two contexts share an id, and with a key on the
--   id alone the save of the second one fails with a duplicate.
-- * Both are ordered by their bytes (COLLATE "C"): faster than by the rules of a language, and the same after an upgrade
--   of the operating system, which may reorder an index of the others and so corrupt it.
-- * max_inactive has 64 bits, since PostgreSQL computes the product in Tomcat's query in the type of the column: with 32
--   bits one session with a timeout above 24.8 days stops the expiry of all.
-- * Tomcat saves by DELETE and INSERT, and what it deletes takes room until a vacuum: autovacuum comes after 2 % of the
--   rows, not 20 %, here and for the long data, which are in a table of their own (TOAST). Nothing is updated, so that
--   a fillfactor below 100 would only waste room.
CREATE TABLE IF NOT EXISTS "tomcat_sessions" (
  "session_id" VARCHAR(100) COLLATE "C" NOT NULL,
  "valid_session" CHAR(1) NOT NULL,
  "max_inactive" BIGINT NOT NULL,
  "last_access" BIGINT NOT NULL,
  "app_name" VARCHAR(255) COLLATE "C" NOT NULL,
  "session_data" BYTEA,
  PRIMARY KEY ("session_id", "app_name")
) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.05, toast.autovacuum_vacuum_scale_factor = 0.02)
