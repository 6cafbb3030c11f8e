-- Creates the table with the columns of the published one and its faults mended; any Tomcat configured for that one works unchanged.
-- * The primary key is (session_id, app_name): with sessionCookiePath="/" two contexts share an id, and under a key of
--   the id alone the second one's save fails on a duplicate.
-- * Both are compared by their bytes, trailing blanks included: under a case-insensitive collation a cookie with the id
--   in lower case finds the row, and Tomcat then destroys the session, because the id inside is another.
--   MariaDB knows such a collation by the name of utf8mb4_nopad_bin. ASCII would do for ids that Tomcat makes, but a cookie
--   may hold anything, and the server refuses to compare an ASCII column with what ASCII cannot say (error 1267):
--   Tomcat's lookup would fail where it should find nothing.
-- * expires_at is the very expression of Tomcat's expiry query, over columns that Tomcat writes; Tomcat names its columns
--   on INSERT, so that one more does not disturb it. MariaDB 10.11 does not recognise the expression in Tomcat's query:
--   measured there, that goes on reading all rows of the application (or of the table, where the application has most
--   of it), as with the published table; 11.8 brings an optimizer that does (MDEV-35616), not measured here.
--   `tomcat-sessions expire` names the column and is served by the index.
-- * kexpires_at holds all that `tomcat-sessions expire` asks for, in the order in which it is read: no row is fetched and
--   nothing sorted. Rows that never expire (max_inactive of zero or below) have an expires_at in the past; max_inactive
--   is in the index, so that they are left out without being read.
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
