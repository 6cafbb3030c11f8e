-- Creates the recommended table. It has the columns of the documented one; any Tomcat configured for that table works unchanged.
-- * The primary key is (session_id, app_name): with sessionCookiePath="/" two contexts share an id, and with a key on the
--   id alone the save of the second one fails with a duplicate key.
-- * session_id and app_name are compared as bytes, including trailing spaces: under a case-insensitive collation a cookie with the id in
--   lower case finds the row. Since 9.0.122, 10.1.60 and 11.0.26, Tomcat then deletes it, because the id in its data differs.
-- * expires_at is the expression in Tomcat's expiry query, over columns that Tomcat writes. Tomcat's INSERT names its
--   columns, so an additional column does no harm. SQLite does not recognize the expression in other queries;
--   `tomcat-sessions expire` names the column.
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
