-- Prepares our own connection.
-- For every command.
-- It must not change anything for other connections.
-- Short lock timeouts, so that this program gives way to Tomcat, and not Tomcat to this program. In a deadlock, this
-- program's transaction is chosen as the victim. An error ends the whole transaction.
-- Works on SQL Server 2005 and later.
SET LOCK_TIMEOUT 3000; SET DEADLOCK_PRIORITY LOW; SET XACT_ABORT ON; SET NOCOUNT OFF
