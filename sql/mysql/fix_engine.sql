-- Moves the table to the storage engine that has transactions and locks rows.
ALTER TABLE `tomcat_sessions` ENGINE = InnoDB ROW_FORMAT = DYNAMIC
