-- Changes the type of the data column.
-- Up to 4 GiB, so that max_allowed_packet is the only limit.
ALTER TABLE `tomcat_sessions` MODIFY COLUMN `session_data` LONGBLOB
