-- Lists the applications that have sessions.
-- For every command with `--app`, and the completion of application names.
-- It must not scan the data: an index on the application is enough.
-- Text is read as NVARCHAR: the driver has no table for some code pages of VARCHAR columns (CP437, CP850, UTF-8).
-- Works on SQL Server 2005 and later.
SELECT CAST([app_name] AS NVARCHAR(4000)) FROM [tomcat_sessions] GROUP BY [app_name] ORDER BY [app_name]
