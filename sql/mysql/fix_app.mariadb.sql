-- Changes the application column to a binary collation that respects trailing spaces, NOT NULL.
-- The collation has another name in MariaDB than in MySQL.
ALTER TABLE `tomcat_sessions`
  MODIFY COLUMN `app_name` VARCHAR(:app_length) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL
