-- Prepares our own connection.
-- Short waits for locks, so that we give way to Tomcat and not it to us; to be the one that a deadlock ends; and an error
-- that ends a statement ends its transaction.
-- SQL Server 2005 and later.
SET LOCK_TIMEOUT 3000; SET DEADLOCK_PRIORITY LOW; SET XACT_ABORT ON; SET NOCOUNT OFF
