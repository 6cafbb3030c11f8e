-- Deletes the sessions without data, which Tomcat cannot load.
-- Works on SQL Server 2005 and later.
DELETE FROM [tomcat_sessions] WHERE [session_data] IS NULL
