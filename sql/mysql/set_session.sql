-- Prepares our own connection: short lock waits, so that we give way to Tomcat and not it to us; and a subtraction
-- that may fall below zero even where somebody made max_inactive UNSIGNED (error 1690 otherwise).
SET SESSION innodb_lock_wait_timeout = 3, SESSION sql_mode = CONCAT(@@SESSION.sql_mode, ',NO_UNSIGNED_SUBTRACTION')
