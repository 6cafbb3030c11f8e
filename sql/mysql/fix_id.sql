-- Changes the session id column to a binary collation, NOT NULL.
-- This collation respects trailing spaces.
ALTER TABLE `tomcat_sessions`
  MODIFY COLUMN `session_id` VARCHAR(:id_length) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NOT NULL
