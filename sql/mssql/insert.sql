-- Inserts sessions; each row is id, application, valid, max_inactive in seconds, last_access in epoch milliseconds, data.
-- For `import`, `migrate`, `swap-out`, `swap-in`, `export --format sql` and `demo`.
-- It must not replace an existing row: that is decided before, under a lock.
-- Works on SQL Server 2008 and later.
INSERT INTO [tomcat_sessions] ([session_id], [app_name], [valid_session], [max_inactive], [last_access], [session_data])
VALUES :rows
