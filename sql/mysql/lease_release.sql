-- Gives the lease of a table back.
UPDATE `tomcat_sessions_lease` SET until = 0 WHERE name = :lease AND holder = :holder
