-- Changes a documented table into the recommended one.
-- It copies the whole table, and Tomcat's saves wait or fail meanwhile: stop Tomcat first. It fails, and changes nothing, if
-- there are rows without an application, which Tomcat does not write: delete them first.
ALTER TABLE `tomcat_sessions`
  MODIFY `session_id` VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL,
  MODIFY `app_name` VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL,
  ADD COLUMN `expires_at` BIGINT GENERATED ALWAYS AS (`last_access` + `max_inactive` * 1000) VIRTUAL,
  DROP PRIMARY KEY,
  ADD PRIMARY KEY (`session_id`, `app_name`),
  ADD KEY `kexpires_at` (`app_name`, `expires_at`, `session_id`, `max_inactive`)
