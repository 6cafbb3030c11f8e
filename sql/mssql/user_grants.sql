-- Lists the privileges of Tomcat's account on the table, and the object of each grant.
-- For `init-db --apply`.
-- sp_table_privileges accepts a pattern, in which _ is any character, so the rows of the table are selected afterwards. A
-- member of db_owner may do everything without any listed permission.
-- Works on SQL Server 2008 and later.
DECLARE @table SYSNAME = PARSENAME(:table, 1);
DECLARE @granted TABLE (qualifier SYSNAME, owner SYSNAME, name SYSNAME, grantor SYSNAME NULL, grantee SYSNAME, privilege NVARCHAR(32), grantable NVARCHAR(3));
INSERT INTO @granted EXEC sp_table_privileges @table_name = @table;
SELECT privilege, N'the table' FROM @granted WHERE name = @table AND grantee = :user
UNION ALL
SELECT v.privilege, N'the database ' + DB_NAME()
FROM (VALUES (N'SELECT'), (N'INSERT'), (N'UPDATE'), (N'DELETE'), (N'ALTER'), (N'CONTROL')) AS v (privilege)
WHERE IS_ROLEMEMBER('db_owner', :user) = 1
ORDER BY 1, 2
