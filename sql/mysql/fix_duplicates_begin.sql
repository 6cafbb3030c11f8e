-- Numbers the rows, so that one of several equal rows can be kept.
ALTER TABLE `tomcat_sessions` ADD COLUMN copy_number BIGINT NOT NULL AUTO_INCREMENT UNIQUE
