-- Settings with which this script has the same effect in every client.
-- Sets the character set of the script, regardless of the client's; psql ends at the first error.
\set ON_ERROR_STOP on
SET client_encoding = 'UTF8';
-- Creates the database.
-- PostgreSQL has no CREATE DATABASE IF NOT EXISTS, and CREATE DATABASE cannot run in a transaction: \gexec executes the
-- statements that the SELECT returns. If the database already exists, it is left as it is,
-- including its privileges.
SELECT FORMAT('CREATE DATABASE %I ENCODING %L TEMPLATE template0', 'tomcat', 'UTF8'), FORMAT('REVOKE ALL ON DATABASE %I FROM PUBLIC', 'tomcat')
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'tomcat')
\gexec \\;

-- Selects the database for the following statements.
-- psql reconnects, because a PostgreSQL connection belongs to one database.
\connect "tomcat"
SET client_encoding = 'UTF8';

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
) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.05, toast.autovacuum_vacuum_scale_factor = 0.02);

-- Creates the index on the application.
CREATE INDEX IF NOT EXISTS "tomcat_sessions_kapp_name" ON "tomcat_sessions" ("app_name");

-- Creates the index on the expiry time.
-- The index is on the expression in Tomcat's query, so that both Tomcat and `expire` use it. PostgreSQL would not use an
-- index on a generated column for that query. For rows that never expire (max_inactive of 0 or less) the expression is
-- in the past; max_inactive is in the index, so that they are skipped without being read.
CREATE INDEX IF NOT EXISTS "tomcat_sessions_kexpires_at" ON "tomcat_sessions" ("app_name", ("last_access" + "max_inactive" * 1000), "session_id", "max_inactive");

-- Creates Tomcat's account.
-- PostgreSQL has no CREATE ROLE IF NOT EXISTS.
DO $tomcat_sessions$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'tomcat') THEN
    CREATE ROLE "tomcat" LOGIN PASSWORD <password>;
  END IF;
END $tomcat_sessions$;

-- Grants only the necessary privileges, because whoever can write to this table can run code in Tomcat.
-- Tomcat's Store needs SELECT, INSERT and DELETE: DataSourceStore saves with DELETE and INSERT, and never updates.
-- UPDATE of one column is for `expire`: PostgreSQL locks rows (SELECT … FOR UPDATE) only for accounts that may update a
-- column. With this privilege, `expire` skips rows that Tomcat is saving instead of waiting for them. The column is
-- valid_session, which Tomcat writes and never reads.
-- CONNECT is granted to the account, because this script revokes it from PUBLIC when it creates the database.
REVOKE ALL ON TABLE "tomcat_sessions" FROM PUBLIC;
GRANT CONNECT ON DATABASE "tomcat" TO "tomcat";
GRANT SELECT, INSERT, DELETE, UPDATE ("valid_session") ON TABLE "tomcat_sessions" TO "tomcat";
