-- Removes the numbers of the rows.
ALTER TABLE `tomcat_sessions` DROP COLUMN copy_number
