-- Moves the loaded rows into the session table.
-- For `import`, `migrate`, `swap-out` and `swap-in` with many rows.
-- It must not replace an existing row.
-- Works on SQL Server 2005 and later.
INSERT INTO [tomcat_sessions] ([session_id], [app_name], [valid_session], [max_inactive], [last_access], [session_data])
SELECT id, app, valid, max_inactive, last_access, data FROM #tomcat_staging
