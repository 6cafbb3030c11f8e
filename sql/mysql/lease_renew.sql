-- Renews the lease within the transaction of a batch; affects no row if another run has taken it.
-- For every command that writes on a cluster, before each commit.
-- It must not run outside that transaction: as a write, it makes the cluster refuse one of two concurrent batches.
UPDATE `tomcat_sessions_lease` SET until = CAST(UNIX_TIMESTAMP(SYSDATE(3)) * 1000 AS SIGNED) + :lease_ms
WHERE name = :lease AND holder = :holder
