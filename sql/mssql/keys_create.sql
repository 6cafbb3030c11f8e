-- Creates the table of keys to be looked for, or empties it, and takes them from the table that rows are loaded into.
-- Its columns are copies of the table's own: of another type or collation they would make a scan of a seek, or not be
-- comparable at all (error 468). The driver loads Unicode only, whatever code page they have.
-- SQL Server 2005 and later.
IF OBJECT_ID(N'tempdb..#tomcat_keys') IS NOT NULL TRUNCATE TABLE #tomcat_keys
ELSE SELECT TOP (0) [session_id] AS id, [app_name] AS app INTO #tomcat_keys FROM [tomcat_sessions];
INSERT INTO #tomcat_keys (id, app) SELECT id, app FROM #tomcat_staging
