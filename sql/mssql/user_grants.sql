-- Lists what Tomcat's account may do with the table: privilege, and by a grant on what.
-- sp_table_privileges takes a pattern, in which _ is any character: the table's own rows are chosen after. A member of
-- db_owner may do everything, and no permission says so.
-- SQL Server 2008 and later.
DECLARE @table SYSNAME = PARSENAME(:table, 1);
DECLARE @granted TABLE (qualifier SYSNAME, owner SYSNAME, name SYSNAME, grantor SYSNAME NULL, grantee SYSNAME, privilege NVARCHAR(32), grantable NVARCHAR(3));
INSERT INTO @granted EXEC sp_table_privileges @table_name = @table;
SELECT privilege, N'the table' FROM @granted WHERE name = @table AND grantee = :user
UNION ALL
SELECT v.privilege, N'the database ' + DB_NAME()
FROM (VALUES (N'SELECT'), (N'INSERT'), (N'UPDATE'), (N'DELETE'), (N'ALTER'), (N'CONTROL')) AS v (privilege)
WHERE IS_ROLEMEMBER('db_owner', :user) = 1
ORDER BY 1, 2
