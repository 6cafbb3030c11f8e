-- Changes the type of the last access column: epoch milliseconds.
ALTER TABLE `tomcat_sessions` MODIFY COLUMN `last_access` BIGINT NOT NULL
