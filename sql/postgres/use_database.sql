-- Selects the database for the following statements.
-- psql reconnects, because a PostgreSQL connection belongs to one database.
\connect "tomcat"
SET client_encoding = 'UTF8'
