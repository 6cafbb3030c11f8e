-- Adds the index for the search for expired sessions.
-- create_index_expiry.sql says why it is not on a computed column.
-- The application column becomes NOT NULL: the index would not find a row without an application. fix_app.sql explains
-- the steps.
-- Indexes are found by these columns, not by name: any that remained would make the change fail (error 5074).
-- Works on SQL Server 2016 and later.
SET XACT_ABORT ON;
BEGIN TRANSACTION;
DROP INDEX IF EXISTS [kapp_name] ON [tomcat_sessions]; -- if nullable
DROP INDEX IF EXISTS [kexpires_at] ON [tomcat_sessions];
EXEC sp_executesql N'DECLARE @sql NVARCHAR(MAX) = N''''; SELECT @sql = @sql + N''DROP INDEX '' + QUOTENAME(i.name) + N'' ON '' + @table + N''; '' FROM sys.indexes i WHERE i.object_id = OBJECT_ID(@table) AND i.is_primary_key = 0 AND i.is_unique_constraint = 0 AND EXISTS (SELECT 1 FROM sys.index_columns k JOIN sys.columns c ON c.object_id = k.object_id AND c.column_id = k.column_id WHERE k.object_id = i.object_id AND k.index_id = i.index_id AND c.name IN (@c0, @c1)); EXEC (@sql)', N'@table NVARCHAR(520), @c0 SYSNAME, @c1 SYSNAME', @table = :table, @c0 = :id_column, @c1 = :app_column; -- if nullable
EXEC sp_executesql N'DECLARE @sql NVARCHAR(MAX) = N''''; SELECT @sql = N''ALTER TABLE '' + @table + N'' DROP CONSTRAINT '' + QUOTENAME(name) FROM sys.key_constraints WHERE parent_object_id = OBJECT_ID(@table) AND type = N''PK''; EXEC (@sql)', N'@table NVARCHAR(520)', @table = :table; -- if nullable
ALTER TABLE [tomcat_sessions] ALTER COLUMN [session_id] VARCHAR(:id_length) COLLATE Latin1_General_BIN2 NOT NULL; -- if nullable
ALTER TABLE [tomcat_sessions] ALTER COLUMN [app_name] VARCHAR(:app_length) COLLATE Latin1_General_BIN2 NOT NULL; -- if nullable_narrow_app
ALTER TABLE [tomcat_sessions] ALTER COLUMN [app_name] NVARCHAR(:app_length) COLLATE Latin1_General_BIN2 NOT NULL; -- if nullable_wide_app
ALTER TABLE [tomcat_sessions] ADD PRIMARY KEY CLUSTERED ([session_id], [app_name]); -- if nullable
CREATE INDEX [kapp_name] ON [tomcat_sessions] ([app_name]); -- if nullable
CREATE INDEX [kexpires_at] ON [tomcat_sessions] ([app_name], [last_access]) INCLUDE ([max_inactive]);
COMMIT TRANSACTION
