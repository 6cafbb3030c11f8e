-- Creates or empties the temporary table of keys to look up, and fills it from the temporary table of loaded rows.
-- For `import`, `migrate`, `swap-out` and `swap-in` with many keys.
-- It must not change the session table.
-- Its columns have the types and collations of the session table: others would turn a seek into a scan, or not be
-- comparable at all (error 468). The driver loads only Unicode, whatever the code page.
-- Works on SQL Server 2005 and later.
IF OBJECT_ID(N'tempdb..#tomcat_keys') IS NOT NULL TRUNCATE TABLE #tomcat_keys
ELSE SELECT TOP (0) [session_id] AS id, [app_name] AS app INTO #tomcat_keys FROM [tomcat_sessions];
INSERT INTO #tomcat_keys (id, app) SELECT id, app FROM #tomcat_staging
