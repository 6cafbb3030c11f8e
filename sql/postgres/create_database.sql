-- Creates the database.
-- PostgreSQL has no CREATE DATABASE IF NOT EXISTS, and CREATE DATABASE cannot run in a transaction: \gexec executes the
-- statements that the SELECT returns. If the database already exists, it is left as it is,
-- including its privileges.
SELECT FORMAT('CREATE DATABASE %I ENCODING %L TEMPLATE template0', :database, 'UTF8'), FORMAT('REVOKE ALL ON DATABASE %I FROM PUBLIC', :database)
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :database)
\gexec \\
