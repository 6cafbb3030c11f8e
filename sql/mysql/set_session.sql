-- Prepares our own connection.
-- Short waits for locks, on rows so that we give way to Tomcat and not it to us, and on the whole table so that a run from
-- cron does not hang behind an ALTER TABLE (the default is a day); a long one for whoever takes the rows of a page, which
-- may go into a pipe that stands (the default is a minute); a subtraction that may fall below zero even where somebody made
-- max_inactive UNSIGNED (error 1690 otherwise); backslashes that escape, since literals double them, whatever the server's
-- default; an error, not a shorter value, where one does not fit its column, since a session that was cut is lost; and figures of
-- tables as they are, where MySQL shows those of a day ago.
-- On one line, with values and no expressions or comments, as all that is set: so ProxySQL can read it.
SET SESSION innodb_lock_wait_timeout = 3, SESSION lock_wait_timeout = 3, SESSION net_write_timeout = 28800, SESSION sql_mode = 'STRICT_ALL_TABLES,NO_UNSIGNED_SUBTRACTION,NO_ENGINE_SUBSTITUTION', SESSION information_schema_stats_expiry = 0
