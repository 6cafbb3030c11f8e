-- Moves the table to a storage engine with transactions and row locks.
ALTER TABLE `tomcat_sessions` ENGINE = InnoDB ROW_FORMAT = DYNAMIC
