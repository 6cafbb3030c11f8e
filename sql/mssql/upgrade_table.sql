-- Turns a table as the guides publish it into the recommended one.
-- The primary key of the guides has a name that the server made up, so that one statement cannot name it: the steps
-- stand in a batch, which does all or nothing. Tomcat's saves wait meanwhile: stop Tomcat for it. Rows without an
-- application, which Tomcat does not write, make it fail and change nothing: delete them first.
-- SQL Server 2016 and later.
SET XACT_ABORT ON;
BEGIN TRANSACTION;
DROP INDEX IF EXISTS [kapp_name] ON [tomcat_sessions];
DROP INDEX IF EXISTS [kexpires_at] ON [tomcat_sessions];
EXEC sp_executesql N'DECLARE @sql NVARCHAR(MAX) = N''''; SELECT @sql = N''ALTER TABLE '' + @table + N'' DROP CONSTRAINT '' + QUOTENAME(name) FROM sys.key_constraints WHERE parent_object_id = OBJECT_ID(@table) AND type = N''PK''; EXEC (@sql)', N'@table NVARCHAR(520)', @table = :table;
ALTER TABLE [tomcat_sessions] ALTER COLUMN [session_id] VARCHAR(100) COLLATE Latin1_General_BIN2 NOT NULL;
ALTER TABLE [tomcat_sessions] ALTER COLUMN [app_name] VARCHAR(255) COLLATE Latin1_General_BIN2 NOT NULL;
ALTER TABLE [tomcat_sessions] ALTER COLUMN [max_inactive] BIGINT NOT NULL;
ALTER TABLE [tomcat_sessions] ADD PRIMARY KEY CLUSTERED ([session_id], [app_name]);
CREATE INDEX [kapp_name] ON [tomcat_sessions] ([app_name]);
CREATE INDEX [kexpires_at] ON [tomcat_sessions] ([app_name], [last_access]) INCLUDE ([max_inactive]);
COMMIT TRANSACTION
