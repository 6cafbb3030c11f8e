-- Reads how many connections there are, and how many the server, the database and the account may have.
-- For `check`.
-- It must not need a privilege.
-- Some connections are reserved for administrators, whom no other limit binds. Those of PostgreSQL 16 and later for pg_use_reserved_connections
-- are no setting of older servers.
SELECT CAST(CURRENT_SETTING('max_connections') AS BIGINT) - CAST(CURRENT_SETTING('superuser_reserved_connections') AS BIGINT)
    - COALESCE(CAST(CURRENT_SETTING('reserved_connections', TRUE) AS BIGINT), 0),
  (SELECT CAST(SUM(numbackends) AS BIGINT) FROM pg_stat_database),
  (SELECT CAST(rolconnlimit AS BIGINT) FROM pg_roles WHERE rolname = CURRENT_USER AND rolconnlimit >= 0 AND NOT rolsuper),
  (SELECT CAST(datconnlimit AS BIGINT) FROM pg_database WHERE datname = CURRENT_DATABASE() AND datconnlimit >= 0)
