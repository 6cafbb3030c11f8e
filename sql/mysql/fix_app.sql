-- Changes the application column to a binary collation, NOT NULL.
-- This collation respects trailing spaces.
ALTER TABLE `tomcat_sessions`
  MODIFY COLUMN `app_name` VARCHAR(:app_length) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NOT NULL
