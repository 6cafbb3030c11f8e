-- Creates the recommended table. It has the columns of the documented one; any Tomcat configured for that table works unchanged.
-- * The primary key is (session_id, app_name): with sessionCookiePath="/" two contexts share an id, and with a key on the
--   id alone the save of the second one fails with a duplicate key.
-- * session_id and app_name are compared as bytes, including trailing spaces: under a case-insensitive collation a cookie with the id in
--   lower case finds the row. Since 9.0.122, 10.1.60 and 11.0.26, Tomcat then deletes it, because the id in its data differs.
--   In MariaDB this collation is utf8mb4_nopad_bin. ASCII would be sufficient for Tomcat's ids, but a cookie may contain
--   anything, and the server refuses to compare an ASCII column with non-ASCII text (error 1267): Tomcat's lookup would
--   fail instead of finding nothing.
-- * expires_at is the expression in Tomcat's expiry query, over columns that Tomcat writes. Tomcat's INSERT names its
--   columns, so an additional column does no harm. MariaDB 10.11 does not recognize the expression in Tomcat's query
--   (measured): it still reads all rows of the application (or of the table, if the application has most of them), as
--   with the documented table. The optimizer of 11.8 recognizes it (MDEV-35616; not measured here).
--   `tomcat-sessions expire` names the column and uses the index.
-- * kexpires_at contains all columns that `tomcat-sessions expire` reads, in the order of reading: no row is fetched and
--   nothing is sorted. Rows that never expire (max_inactive of 0 or less) have an expires_at in the past; max_inactive is
--   in the index, so that they are skipped without being read.
CREATE TABLE IF NOT EXISTS `tomcat_sessions` (
  `session_id` VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL,
  `valid_session` CHAR(1) NOT NULL,
  `max_inactive` INT NOT NULL,
  `last_access` BIGINT NOT NULL,
  `app_name` VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL,
  `session_data` MEDIUMBLOB,
  `expires_at` BIGINT GENERATED ALWAYS AS (`last_access` + `max_inactive` * 1000) VIRTUAL,
  PRIMARY KEY (`session_id`, `app_name`),
  KEY `kapp_name` (`app_name`),
  KEY `kexpires_at` (`app_name`, `expires_at`, `session_id`, `max_inactive`)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC
