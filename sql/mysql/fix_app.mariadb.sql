-- Mends the column of the application: compared by its bytes, trailing blanks included, and never NULL.
-- MariaDB knows such a collation by another name than MySQL.
ALTER TABLE `tomcat_sessions`
  MODIFY COLUMN `app_name` VARCHAR(:app_length) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL
