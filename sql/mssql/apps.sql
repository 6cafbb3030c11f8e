-- Lists the applications that have sessions.
-- Text is read as NVARCHAR: a client that has no table of a column's code page (CP437, CP850, UTF-8) cannot read VARCHAR.
-- SQL Server 2005 and later.
SELECT CAST([app_name] AS NVARCHAR(4000)) FROM [tomcat_sessions] GROUP BY [app_name] ORDER BY [app_name]
