-- Creates the database.
-- PostgreSQL has no CREATE DATABASE IF NOT EXISTS, and none in a transaction: \gexec runs what the SELECT writes, if anything.
-- Of a database that was there the privileges of others stay as they are.
SELECT FORMAT('CREATE DATABASE %I ENCODING %L TEMPLATE template0', :database, 'UTF8'), FORMAT('REVOKE ALL ON DATABASE %I FROM PUBLIC', :database)
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :database)
\gexec \\
