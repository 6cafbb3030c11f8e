-- Adds the application column.
-- Existing rows belong to no application: no Tomcat loads them.
ALTER TABLE `tomcat_sessions` ADD COLUMN `app_name` VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NOT NULL
