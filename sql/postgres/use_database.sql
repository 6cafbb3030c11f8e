-- Selects the database for the following statements.
-- psql connects anew, since a connection of PostgreSQL's is to one database.
\connect "tomcat"
SET client_encoding = 'UTF8'
