-- Grants what a run needs to hold the lease; Tomcat itself uses nothing of it.
GRANT SELECT, INSERT, UPDATE ON `tomcat`.`tomcat_sessions_lease` TO :user@:host
