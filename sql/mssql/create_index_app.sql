-- Creates the index on the application.
-- Works on SQL Server 2005 and later.
IF INDEXPROPERTY(OBJECT_ID(:table), 'kapp_name', 'IndexID') IS NULL
CREATE INDEX [kapp_name] ON [tomcat_sessions] ([app_name])
