-- Creates Tomcat's account.
-- PostgreSQL has no CREATE ROLE IF NOT EXISTS.
DO $tomcat_sessions$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :user) THEN
    CREATE ROLE "tomcat_account" LOGIN PASSWORD :password;
  END IF;
END $tomcat_sessions$
