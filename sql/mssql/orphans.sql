-- Lists database users without a login on this server, and whether a login of that name exists.
-- For `check`.
-- The account must be allowed to see all logins; others see only their own.
-- After a restore the owner dbo has no login either, and ALTER USER refuses it (error 15150).
-- Works on SQL Server 2012 and later.
SELECT u.name, CASE WHEN EXISTS (SELECT 1 FROM sys.server_principals n WHERE n.name = u.name AND n.type = 'S') THEN 1 ELSE 0 END
FROM sys.database_principals u
WHERE u.type = 'S' AND u.name <> N'dbo' AND u.authentication_type = 1 AND HAS_PERMS_BY_NAME(NULL, NULL, 'VIEW ANY DEFINITION') = 1
  AND NOT EXISTS (SELECT 1 FROM sys.server_principals l WHERE l.sid = u.sid)
ORDER BY u.name
