-- Changes the type of the timeout column: whole seconds, negative for a session that never expires.
ALTER TABLE `tomcat_sessions` MODIFY COLUMN `max_inactive` INT NOT NULL
