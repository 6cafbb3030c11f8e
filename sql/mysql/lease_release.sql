-- Releases the lease of a table.
-- For every command that writes on a cluster, when it ends.
-- It must not release the lease of another run.
UPDATE `tomcat_sessions_lease` SET until = 0 WHERE name = :lease AND holder = :holder
