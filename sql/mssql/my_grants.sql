-- Lists the privileges of this connection's account.
-- For `check`.
-- The result is privilege and scope. HAS_PERMS_BY_NAME includes privileges from roles, and works without access to the
-- catalogue.
-- Works on SQL Server 2008 and later.
SELECT p.name, N'table'
FROM (VALUES (N'SELECT'), (N'INSERT'), (N'DELETE'), (N'UPDATE'), (N'ALTER'), (N'CONTROL')) AS p (name)
WHERE HAS_PERMS_BY_NAME(:table, 'OBJECT', p.name) = 1
UNION ALL
SELECT N'ALL PRIVILEGES', N'database' WHERE HAS_PERMS_BY_NAME(DB_NAME(), 'DATABASE', 'CONTROL') = 1
UNION ALL
SELECT N'ALL PRIVILEGES', N'server' WHERE HAS_PERMS_BY_NAME(NULL, NULL, 'CONTROL SERVER') = 1
