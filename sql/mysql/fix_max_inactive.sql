-- Mends the column of the time-out: whole seconds, below zero for a session that never expires.
ALTER TABLE `tomcat_sessions` MODIFY COLUMN `max_inactive` INT NOT NULL
