-- Grants the privileges for the lease. Tomcat itself does not use the lease.
GRANT SELECT, INSERT, UPDATE ON `tomcat`.`tomcat_sessions_lease` TO :user@:host
