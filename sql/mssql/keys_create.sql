-- Creates the table that keys are loaded into before they are looked for, or empties it.
-- It is this session's own. Its columns are copies of the table's own: of another type or collation they would make a
-- scan of a seek, or not be comparable at all (error 468).
-- SQL Server 2005 and later.
IF OBJECT_ID(N'tempdb..#tomcat_keys') IS NOT NULL TRUNCATE TABLE #tomcat_keys
ELSE SELECT TOP (0) [session_id] AS id, [app_name] AS app INTO #tomcat_keys FROM [tomcat_sessions]
