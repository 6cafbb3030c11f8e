-- Stores long data separately from the keys.
ALTER TABLE `tomcat_sessions` ROW_FORMAT = DYNAMIC
