-- Adds the column of the application.
-- Rows that are there belong to none: no Tomcat loads them.
ALTER TABLE `tomcat_sessions` ADD COLUMN `app_name` VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL
