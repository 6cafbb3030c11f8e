-- Reads who holds the lease of a table, and for how many milliseconds more.
SELECT holder, until - CAST(UNIX_TIMESTAMP(SYSDATE(3)) * 1000 AS SIGNED) FROM `tomcat_sessions_lease` WHERE name = :lease
