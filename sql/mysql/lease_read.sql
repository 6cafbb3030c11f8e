-- Reads who holds the lease of a table, and for how many more milliseconds.
-- For every command that finds the lease taken.
-- It must not lock the row of the lease.
SELECT holder, until - CAST(UNIX_TIMESTAMP(SYSDATE(3)) * 1000 AS SIGNED) FROM `tomcat_sessions_lease` WHERE name = :lease
