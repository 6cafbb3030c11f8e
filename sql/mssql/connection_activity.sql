-- Checks whether the server is executing a statement for another connection of this account.
-- For every command that has waited for an answer for longer than keepalive-timeout.
-- Only an account with VIEW SERVER STATE sees the requests of other connections; NULL means that this one does not.
-- Works on SQL Server 2008 and later.
SELECT CASE WHEN EXISTS (SELECT 1 FROM sys.dm_exec_requests WHERE session_id = :session) THEN 1
  WHEN HAS_PERMS_BY_NAME(NULL, NULL, 'VIEW SERVER STATE') = 1 THEN 0 END
