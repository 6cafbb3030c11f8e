-- Mends the column of the last access: epoch milliseconds.
ALTER TABLE `tomcat_sessions` MODIFY COLUMN `last_access` BIGINT NOT NULL
