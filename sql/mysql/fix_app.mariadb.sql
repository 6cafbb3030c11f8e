-- Changes the application column to a binary collation, NOT NULL.
-- This collation respects trailing spaces.
-- The collation has another name in MariaDB than in MySQL.
ALTER TABLE `tomcat_sessions`
  MODIFY COLUMN `app_name` VARCHAR(:app_length) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL
