-- Mends the column of the data.
-- Up to 4 GiB, so that max_allowed_packet alone is the limit.
ALTER TABLE `tomcat_sessions` MODIFY COLUMN `session_data` LONGBLOB
