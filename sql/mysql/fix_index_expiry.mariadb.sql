-- Adds the index for the search for expired sessions.
-- It is on a generated column; create_table.sql says why.
-- The application column becomes NOT NULL: the index would not find a row without an application.
-- The collation has another name in MariaDB than in MySQL.
ALTER TABLE `tomcat_sessions`
  MODIFY COLUMN `app_name` VARCHAR(:app_length) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL, -- if nullable
  ADD COLUMN `expires_at` BIGINT GENERATED ALWAYS AS (`last_access` + `max_inactive` * 1000) VIRTUAL, -- if column
  ADD INDEX `kexpires_at` (`app_name`, `expires_at`, `session_id`, `max_inactive`)
