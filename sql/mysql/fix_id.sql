-- Mends the column of the session id: compared by its bytes, trailing blanks included, and never NULL.
ALTER TABLE `tomcat_sessions`
  MODIFY COLUMN `session_id` VARCHAR(:id_length) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NOT NULL
