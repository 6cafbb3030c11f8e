-- Creates the table with the columns of the published one and its faults mended; any Tomcat configured for that one works unchanged.
-- * The primary key is (session_id, app_name): with sessionCookiePath="/" two contexts share an id, and under a key of
--   the id alone the second one's save fails on a duplicate.
-- * Both are compared by their bytes, trailing blanks included: under a case-insensitive collation a cookie with the id
--   in lower case finds the row, and Tomcat then destroys the session, because the id inside is another.
-- * expires_at is the very expression of Tomcat's expiry query, over columns that Tomcat writes; Tomcat names its columns
--   on INSERT, so that one more does not disturb it. SQLite does not recognise
--   the expression in other queries; `tomcat-sessions expire` names the column.
CREATE TABLE IF NOT EXISTS `tomcat_sessions` (
  `session_id` VARCHAR(100) NOT NULL,
  `valid_session` CHAR(1) NOT NULL,
  `max_inactive` INT NOT NULL,
  `last_access` BIGINT NOT NULL,
  `app_name` VARCHAR(255) NOT NULL,
  `session_data` BLOB,
  `expires_at` BIGINT GENERATED ALWAYS AS (`last_access` + `max_inactive` * 1000) VIRTUAL,
  PRIMARY KEY (`session_id`, `app_name`)
)
