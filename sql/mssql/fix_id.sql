-- Changes the session id column to a binary collation, NOT NULL.
-- SQL Server cannot alter a column that is part of a key or an index, and the server chose the key's name: one batch drops
-- the key and the indexes, changes both columns of the key and creates them again, or changes nothing. It fails if one of
-- the columns is NULL in a row. No collation of SQL Server respects trailing spaces. Tomcat's saves wait meanwhile.
-- Indexes are found by these columns, not by name: any that remained would make the change fail (error 5074).
-- Works on SQL Server 2016 and later.
SET XACT_ABORT ON;
BEGIN TRANSACTION;
DROP INDEX IF EXISTS [kapp_name] ON [tomcat_sessions];
DROP INDEX IF EXISTS [kexpires_at] ON [tomcat_sessions];
EXEC sp_executesql N'DECLARE @sql NVARCHAR(MAX) = N''''; SELECT @sql = @sql + N''DROP INDEX '' + QUOTENAME(i.name) + N'' ON '' + @table + N''; '' FROM sys.indexes i WHERE i.object_id = OBJECT_ID(@table) AND i.is_primary_key = 0 AND i.is_unique_constraint = 0 AND EXISTS (SELECT 1 FROM sys.index_columns k JOIN sys.columns c ON c.object_id = k.object_id AND c.column_id = k.column_id WHERE k.object_id = i.object_id AND k.index_id = i.index_id AND c.name IN (@c0, @c1)); EXEC (@sql)', N'@table NVARCHAR(520), @c0 SYSNAME, @c1 SYSNAME', @table = :table, @c0 = :id_column, @c1 = :app_column;
EXEC sp_executesql N'DECLARE @sql NVARCHAR(MAX) = N''''; SELECT @sql = N''ALTER TABLE '' + @table + N'' DROP CONSTRAINT '' + QUOTENAME(name) FROM sys.key_constraints WHERE parent_object_id = OBJECT_ID(@table) AND type = N''PK''; EXEC (@sql)', N'@table NVARCHAR(520)', @table = :table;
ALTER TABLE [tomcat_sessions] ALTER COLUMN [session_id] VARCHAR(:id_length) COLLATE Latin1_General_BIN2 NOT NULL;
ALTER TABLE [tomcat_sessions] ALTER COLUMN [app_name] VARCHAR(:app_length) COLLATE Latin1_General_BIN2 NOT NULL; -- if narrow_app
ALTER TABLE [tomcat_sessions] ALTER COLUMN [app_name] NVARCHAR(:app_length) COLLATE Latin1_General_BIN2 NOT NULL; -- if wide_app
ALTER TABLE [tomcat_sessions] ADD PRIMARY KEY CLUSTERED ([session_id], [app_name]);
CREATE INDEX [kapp_name] ON [tomcat_sessions] ([app_name]); -- if app_indexed
CREATE INDEX [kexpires_at] ON [tomcat_sessions] ([app_name], [last_access]) INCLUDE ([max_inactive]); -- if expiry_indexed
COMMIT TRANSACTION
