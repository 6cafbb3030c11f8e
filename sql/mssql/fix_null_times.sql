-- Deletes the sessions without a timeout or a last access, which never expire.
-- Works on SQL Server 2005 and later.
DELETE FROM [tomcat_sessions] WHERE [max_inactive] IS NULL OR [last_access] IS NULL
