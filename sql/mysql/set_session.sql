-- Prepares our own connection: short lock waits, so that we give way to Tomcat and not it to us; a subtraction that may
-- fall below zero even where somebody made max_inactive UNSIGNED (error 1690 otherwise); and backslashes that escape,
-- whatever the server's default, since literals double them.
SET SESSION innodb_lock_wait_timeout = 3,
  SESSION sql_mode = CONCAT(REPLACE(@@SESSION.sql_mode, 'NO_BACKSLASH_ESCAPES', ''), ',NO_UNSIGNED_SUBTRACTION')
