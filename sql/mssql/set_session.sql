-- Prepares our own connection.
-- For every command.
-- It must not change anything for other connections.
-- Short waits for locks, so that Tomcat never waits for us; in a deadlock our transaction is the one that ends; and an error
-- ends the whole transaction.
-- SQL Server 2005 and later.
SET LOCK_TIMEOUT 3000; SET DEADLOCK_PRIORITY LOW; SET XACT_ABORT ON; SET NOCOUNT OFF
