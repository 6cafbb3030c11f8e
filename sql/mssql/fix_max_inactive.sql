-- Changes the type of the timeout column: whole seconds, negative for a session that never expires.
-- BIGINT, because Tomcat's own query multiplies it by 1000 in the column's type.
-- The index with this column is dropped first and created again.
-- Indexes are found by these columns, not by name: any that remained would make the change fail (error 5074).
-- Works on SQL Server 2016 and later.
SET XACT_ABORT ON;
BEGIN TRANSACTION;
DROP INDEX IF EXISTS [kexpires_at] ON [tomcat_sessions];
EXEC sp_executesql N'DECLARE @sql NVARCHAR(MAX) = N''''; SELECT @sql = @sql + N''DROP INDEX '' + QUOTENAME(i.name) + N'' ON '' + @table + N''; '' FROM sys.indexes i WHERE i.object_id = OBJECT_ID(@table) AND i.is_primary_key = 0 AND i.is_unique_constraint = 0 AND EXISTS (SELECT 1 FROM sys.index_columns k JOIN sys.columns c ON c.object_id = k.object_id AND c.column_id = k.column_id WHERE k.object_id = i.object_id AND k.index_id = i.index_id AND c.name IN (@c0)); EXEC (@sql)', N'@table NVARCHAR(520), @c0 SYSNAME', @table = :table, @c0 = :timeout_column;
ALTER TABLE [tomcat_sessions] ALTER COLUMN [max_inactive] BIGINT NOT NULL;
CREATE INDEX [kexpires_at] ON [tomcat_sessions] ([app_name], [last_access]) INCLUDE ([max_inactive]); -- if expiry_indexed
COMMIT TRANSACTION
