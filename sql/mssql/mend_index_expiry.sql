-- Adds the column and the index by which what is expired is found; create_table.sql says why.
-- There is no such column here: create_index_expiry.sql says why. The application becomes a column that is never NULL: a
-- row without one would not be found by the index. mend_app.sql says why that takes so many steps.
-- SQL Server 2016 and later.
SET XACT_ABORT ON;
BEGIN TRANSACTION;
DROP INDEX IF EXISTS [kapp_name] ON [tomcat_sessions]; -- if nullable
DROP INDEX IF EXISTS [kexpires_at] ON [tomcat_sessions];
EXEC sp_executesql N'DECLARE @sql NVARCHAR(MAX) = N''''; SELECT @sql = N''ALTER TABLE '' + @table + N'' DROP CONSTRAINT '' + QUOTENAME(name) FROM sys.key_constraints WHERE parent_object_id = OBJECT_ID(@table) AND type = N''PK''; EXEC (@sql)', N'@table NVARCHAR(520)', @table = :table; -- if nullable
ALTER TABLE [tomcat_sessions] ALTER COLUMN [session_id] VARCHAR(:id_length) COLLATE Latin1_General_BIN2 NOT NULL; -- if nullable
ALTER TABLE [tomcat_sessions] ALTER COLUMN [app_name] VARCHAR(:app_length) COLLATE Latin1_General_BIN2 NOT NULL; -- if nullable_narrow_app
ALTER TABLE [tomcat_sessions] ALTER COLUMN [app_name] NVARCHAR(:app_length) COLLATE Latin1_General_BIN2 NOT NULL; -- if nullable_wide_app
ALTER TABLE [tomcat_sessions] ADD PRIMARY KEY CLUSTERED ([session_id], [app_name]); -- if nullable
CREATE INDEX [kapp_name] ON [tomcat_sessions] ([app_name]); -- if nullable
CREATE INDEX [kexpires_at] ON [tomcat_sessions] ([app_name], [last_access]) INCLUDE ([max_inactive]);
COMMIT TRANSACTION
