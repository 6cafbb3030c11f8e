-- Adds the application column.
-- Existing rows belong to no application: no Tomcat loads them.
-- Works on SQL Server 2005 and later.
ALTER TABLE [tomcat_sessions] ADD [app_name] VARCHAR(255) COLLATE Latin1_General_BIN2 NOT NULL DEFAULT ''
