-- Deletes the sessions without an application, which no Tomcat finds.
-- Works on SQL Server 2005 and later.
DELETE FROM [tomcat_sessions] WHERE [app_name] IS NULL
