-- Adds the column and the index by which what is expired is found; create_table.sql says why.
-- The application becomes a column that is never NULL: a row without one would not be found by the index.
ALTER TABLE `tomcat_sessions`
  MODIFY COLUMN `app_name` VARCHAR(:app_length) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NOT NULL, -- if nullable
  ADD COLUMN `expires_at` BIGINT GENERATED ALWAYS AS (`last_access` + `max_inactive` * 1000) VIRTUAL, -- if column
  ADD INDEX `kexpires_at` (`app_name`, `expires_at`, `session_id`, `max_inactive`)
