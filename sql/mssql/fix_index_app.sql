-- Adds the index on the application.
-- Works on SQL Server 2005 and later.
CREATE INDEX [kapp_name] ON [tomcat_sessions] ([app_name])
