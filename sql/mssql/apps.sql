-- Lists the applications that have sessions.
-- SQL Server 2005 and later.
SELECT DISTINCT [app_name] FROM [tomcat_sessions] ORDER BY [app_name]
