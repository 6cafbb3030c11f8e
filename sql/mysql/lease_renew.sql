-- Renews the lease within the transaction of a batch; no row where another has taken it.
-- It is a write, so that the cluster refuses one of two batches whose transactions cross.
UPDATE `tomcat_sessions_lease` SET until = CAST(UNIX_TIMESTAMP(SYSDATE(3)) * 1000 AS SIGNED) + :lease_ms
WHERE name = :lease AND holder = :holder
