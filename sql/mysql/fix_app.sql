-- Changes the application column to a binary collation that respects trailing spaces, NOT NULL.
ALTER TABLE `tomcat_sessions`
  MODIFY COLUMN `app_name` VARCHAR(:app_length) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NOT NULL
