-- Adds the index on the application.
-- SQL Server 2005 and later.
CREATE INDEX [kapp_name] ON [tomcat_sessions] ([app_name])
