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

-- Creates the table as Tomcat guides publish it, column for column.
CREATE TABLE IF NOT EXISTS "tomcat_sessions" (
  "session_id" VARCHAR(100) NOT NULL PRIMARY KEY,
  "valid_session" CHAR(1) NOT NULL,
  "max_inactive" INT NOT NULL,
  "last_access" BIGINT NOT NULL,
  "app_name" VARCHAR(255),
  "session_data" BYTEA
);

-- Creates the index on the application.
CREATE INDEX IF NOT EXISTS "tomcat_sessions_kapp_name" ON "tomcat_sessions" ("app_name");

-- Creates Tomcat's account.
-- PostgreSQL has no CREATE ROLE IF NOT EXISTS.
DO $tomcat_sessions$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'tomcat') THEN
    CREATE ROLE "tomcat" LOGIN PASSWORD <password>;
  END IF;
END $tomcat_sessions$;

-- Grants all privileges on the database, as guides do: more than Tomcat needs.
GRANT ALL PRIVILEGES ON DATABASE "tomcat" TO "tomcat";
GRANT ALL PRIVILEGES ON ALL TABLES IN SCHEMA "public" TO "tomcat";
