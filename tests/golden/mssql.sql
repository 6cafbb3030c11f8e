-- Generated from sql/mssql: UPDATE_GENERATED=1 cargo test --test conventions

-- apps
SELECT CAST([app_name] AS NVARCHAR(4000)) FROM [tomcat_sessions] GROUP BY [app_name] ORDER BY [app_name]

-- clock
SELECT DATEDIFF_BIG(MILLISECOND, CAST('1970-01-01' AS DATETIME2), SYSUTCDATETIME())

-- cluster
SELECT CAST(SERVERPROPERTY('ProductVersion') AS NVARCHAR(128)), CAST(@@SPID AS BIGINT), 0, 0, CAST(SERVERPROPERTY('EngineEdition') AS BIGINT)

-- columns
SELECT c.name, t.name,
  CASE WHEN t.name LIKE '%char' OR t.name LIKE '%binary'
    THEN t.name + N'(' + CASE WHEN c.max_length = -1 THEN N'max' ELSE CAST(CASE WHEN t.name LIKE 'n%' THEN c.max_length / 2 ELSE c.max_length END AS NVARCHAR(10)) END + N')'
    ELSE t.name END,
  CAST(CASE WHEN c.max_length = -1 THEN NULL WHEN t.name LIKE 'n%char' THEN c.max_length / 2 ELSE c.max_length END AS BIGINT),
  CASE WHEN c.is_nullable = 1 THEN 1 ELSE 0 END, c.collation_name,
  CASE WHEN c.is_computed = 1 THEN N'computed' END, CASE WHEN c.default_object_id <> 0 OR c.is_identity = 1 THEN 1 ELSE 0 END
FROM sys.columns c JOIN sys.types t ON t.user_type_id = c.user_type_id
WHERE c.object_id = OBJECT_ID(CAST(@P1 AS VARCHAR(8000)))
ORDER BY c.column_id

-- connection_activity
SELECT CASE WHEN EXISTS (SELECT 1 FROM sys.dm_exec_requests WHERE session_id = @P1) THEN 1
  WHEN HAS_PERMS_BY_NAME(NULL, NULL, 'VIEW SERVER STATE') = 1 THEN 0 END

-- count
SELECT COUNT_BIG(*) FROM [tomcat_sessions]

-- count_anomalies
SELECT COUNT_BIG(*), CAST(MAX(DATALENGTH([session_data])) AS BIGINT),
  CAST(COALESCE(SUM(CASE WHEN [session_data] IS NULL THEN 1 ELSE 0 END), 0) AS BIGINT), CAST(COALESCE(SUM(CASE WHEN [app_name] IS NULL THEN 1 ELSE 0 END), 0) AS BIGINT),
  CAST(COALESCE(SUM(CASE WHEN [max_inactive] IS NULL OR [last_access] IS NULL THEN 1 ELSE 0 END), 0) AS BIGINT),
  CAST(COALESCE(SUM(CASE WHEN DATALENGTH([session_data]) IN (65535, 16777215) THEN 1 ELSE 0 END), 0) AS BIGINT),
  CAST(COALESCE(SUM(CASE WHEN [max_inactive] <= 0 THEN 1 ELSE 0 END), 0) AS BIGINT), CAST(COALESCE(SUM(CASE WHEN [last_access] > @P1 THEN 1 ELSE 0 END), 0) AS BIGINT),
  CAST(COALESCE(SUM(CASE WHEN [max_inactive] > 2147483 THEN 1 ELSE 0 END), 0) AS BIGINT),
  CAST(COALESCE(SUM(CASE WHEN CAST(SUBSTRING([session_data], 1, 4) AS VARBINARY(4)) <> 0xACED0005 THEN 1 ELSE 0 END), 0) AS BIGINT)
FROM [tomcat_sessions]
WHERE 1 = 1
  AND [session_id] >= CAST(@P2 AS VARCHAR(8000))
  AND [session_id] < @P3

-- count_anomalies, without its optional lines
SELECT COUNT_BIG(*), CAST(MAX(DATALENGTH([session_data])) AS BIGINT),
  CAST(COALESCE(SUM(CASE WHEN [session_data] IS NULL THEN 1 ELSE 0 END), 0) AS BIGINT), CAST(COALESCE(SUM(CASE WHEN [app_name] IS NULL THEN 1 ELSE 0 END), 0) AS BIGINT),
  CAST(COALESCE(SUM(CASE WHEN [max_inactive] IS NULL OR [last_access] IS NULL THEN 1 ELSE 0 END), 0) AS BIGINT),
  CAST(COALESCE(SUM(CASE WHEN DATALENGTH([session_data]) IN (65535, 16777215) THEN 1 ELSE 0 END), 0) AS BIGINT),
  CAST(COALESCE(SUM(CASE WHEN [max_inactive] <= 0 THEN 1 ELSE 0 END), 0) AS BIGINT), CAST(COALESCE(SUM(CASE WHEN [last_access] > @P1 THEN 1 ELSE 0 END), 0) AS BIGINT),
  CAST(COALESCE(SUM(CASE WHEN [max_inactive] > 2147483 THEN 1 ELSE 0 END), 0) AS BIGINT),
  CAST(COALESCE(SUM(CASE WHEN CAST(SUBSTRING([session_data], 1, 4) AS VARBINARY(4)) <> 0xACED0005 THEN 1 ELSE 0 END), 0) AS BIGINT)
FROM [tomcat_sessions]
WHERE 1 = 1

-- count_expired
SELECT COUNT_BIG(*), CAST(COALESCE(SUM(CASE WHEN [max_inactive] > 0 AND [last_access] < @P1 - CASE WHEN [max_inactive] > CAST(9000000000000000 AS BIGINT) THEN CAST(9000000000000000 AS BIGINT) ELSE CAST([max_inactive] AS BIGINT) END * 1000 THEN CAST(1 AS BIGINT) ELSE 0 END), 0) AS BIGINT)
FROM [tomcat_sessions]
WHERE 1 = 1
  AND [app_name] IN (CAST(@P2 AS VARCHAR(8000)), @P3)

-- count_expired, without its optional lines
SELECT COUNT_BIG(*), CAST(COALESCE(SUM(CASE WHEN [max_inactive] > 0 AND [last_access] < @P1 - CASE WHEN [max_inactive] > CAST(9000000000000000 AS BIGINT) THEN CAST(9000000000000000 AS BIGINT) ELSE CAST([max_inactive] AS BIGINT) END * 1000 THEN CAST(1 AS BIGINT) ELSE 0 END), 0) AS BIGINT)
FROM [tomcat_sessions]
WHERE 1 = 1

-- create_database
IF DB_ID('tomcat') IS NULL CREATE DATABASE [tomcat]

-- create_index_app
IF INDEXPROPERTY(OBJECT_ID('tomcat_sessions'), 'kapp_name', 'IndexID') IS NULL
CREATE INDEX [kapp_name] ON [tomcat_sessions] ([app_name])

-- create_index_expiry
IF INDEXPROPERTY(OBJECT_ID('tomcat_sessions'), 'kexpires_at', 'IndexID') IS NULL
CREATE INDEX [kexpires_at] ON [tomcat_sessions] ([app_name], [last_access]) INCLUDE ([max_inactive])

-- create_key_table
IF OBJECT_ID(N'tempdb..#tomcat_keys') IS NOT NULL TRUNCATE TABLE #tomcat_keys
ELSE SELECT TOP (0) [session_id] AS id, [app_name] AS app INTO #tomcat_keys FROM [tomcat_sessions];
INSERT INTO #tomcat_keys (id, app) SELECT id, app FROM #tomcat_staging

-- create_login
IF SUSER_ID('tomcat') IS NULL CREATE LOGIN [tomcat] WITH PASSWORD = 'it''s'
  , CHECK_POLICY = OFF

-- create_login, without its optional lines
IF SUSER_ID('tomcat') IS NULL CREATE LOGIN [tomcat] WITH PASSWORD = 'it''s'

-- create_staging_table
IF OBJECT_ID(N'tempdb..#tomcat_staging') IS NOT NULL TRUNCATE TABLE #tomcat_staging
ELSE CREATE TABLE #tomcat_staging (
  id NVARCHAR(400) NOT NULL,
  app NVARCHAR(400),
  valid NVARCHAR(10),
  max_inactive BIGINT,
  last_access BIGINT,
  data VARBINARY(MAX)
)

-- create_table
IF OBJECT_ID('tomcat_sessions', N'U') IS NULL
CREATE TABLE [tomcat_sessions] (
  [session_id] VARCHAR(100) COLLATE Latin1_General_BIN2 NOT NULL,
  [valid_session] CHAR(1) NOT NULL,
  [max_inactive] BIGINT NOT NULL,
  [last_access] BIGINT NOT NULL,
  [app_name] VARCHAR(255) COLLATE Latin1_General_BIN2 NOT NULL,
  [session_data] VARBINARY(MAX),
  PRIMARY KEY CLUSTERED ([session_id], [app_name])
)

-- create_table_documented
IF OBJECT_ID('tomcat_sessions', N'U') IS NULL
CREATE TABLE [tomcat_sessions] (
  [session_id] VARCHAR(100) NOT NULL PRIMARY KEY,
  [valid_session] CHAR(1) NOT NULL,
  [max_inactive] INT NOT NULL,
  [last_access] BIGINT NOT NULL,
  [app_name] VARCHAR(255),
  [session_data] VARBINARY(MAX)
)

-- create_user
IF DATABASE_PRINCIPAL_ID('tomcat') IS NULL CREATE USER [tomcat] FOR LOGIN [tomcat]

-- database_exists
SELECT COUNT(*) FROM sys.databases WHERE name = CAST(@P1 AS VARCHAR(8000))

-- delete_rows
DELETE t FROM (VALUES (CAST(@P1 AS VARCHAR(8000))), (CAST(@P2 AS VARCHAR(8000)))) AS k (id)
  INNER LOOP JOIN [tomcat_sessions] t
  WITH (ROWLOCK, READPAST, READCOMMITTEDLOCK)
  ON t.[session_id] = k.id
WHERE (t.[app_name] = CAST(@P3 AS VARCHAR(8000)) OR (t.[app_name] IS NULL AND CAST(@P4 AS VARCHAR(8000)) IS NULL))
  AND t.[max_inactive] > 0 AND t.[last_access] < @P5 - CASE WHEN t.[max_inactive] > CAST(9000000000000000 AS BIGINT) THEN CAST(9000000000000000 AS BIGINT) ELSE CAST(t.[max_inactive] AS BIGINT) END * 1000
  AND t.[last_access] < @P6

-- delete_rows, without its optional lines
DELETE t FROM (VALUES (CAST(@P1 AS VARCHAR(8000))), (CAST(@P2 AS VARCHAR(8000)))) AS k (id)
  INNER LOOP JOIN [tomcat_sessions] t
  WITH (ROWLOCK, READPAST, READCOMMITTEDLOCK)
  ON t.[session_id] = k.id
WHERE (t.[app_name] = CAST(@P3 AS VARCHAR(8000)) OR (t.[app_name] IS NULL AND CAST(@P4 AS VARCHAR(8000)) IS NULL))

-- digests
SELECT TOP (@P1) CAST([session_id] AS NVARCHAR(4000)), CAST([app_name] AS NVARCHAR(4000)), CAST([valid_session] AS NVARCHAR(4000)), [max_inactive], [last_access], CAST(DATALENGTH([session_data]) AS BIGINT), HASHBYTES('SHA2_256', [session_data])
FROM [tomcat_sessions]
WHERE 1 = 1
  AND [session_id] >= CAST(@P2 AS VARCHAR(8000))
  AND ([session_id] > CAST(@P3 AS VARCHAR(8000)) OR [app_name] > CAST(@P4 AS VARCHAR(8000)) OR (CAST(@P5 AS VARCHAR(8000)) IS NULL AND [app_name] IS NOT NULL))
  AND [session_id] >= CAST(@P6 AS VARCHAR(8000))
  AND [session_id] < @P7
  AND [session_id] LIKE REPLACE(REPLACE(REPLACE(REPLACE(CAST(@P8 AS VARCHAR(8000)), '!', '!!'), '%', '!%'), '_', '!_'), '[', '![') + '%' ESCAPE '!'
  AND [app_name] IN (CAST(@P9 AS VARCHAR(8000)), @P10)
  AND [max_inactive] > 0 AND [last_access] < @P11 - CASE WHEN [max_inactive] > CAST(9000000000000000 AS BIGINT) THEN CAST(9000000000000000 AS BIGINT) ELSE CAST([max_inactive] AS BIGINT) END * 1000
  AND [last_access] < @P12
  AND [last_access] >= @P13
  AND DATALENGTH([session_data]) > @P14
  AND (DATALENGTH([session_data]) < @P15 OR [session_data] IS NULL)
  AND [session_id] IN (CAST(@P16 AS VARCHAR(8000)), CAST(@P17 AS VARCHAR(8000)))
ORDER BY [session_id]
  , [app_name]
  , [last_access] DESC, DATALENGTH([session_data]) DESC, [max_inactive] DESC, [valid_session] DESC

-- digests, without its optional lines
SELECT TOP (@P1) CAST([session_id] AS NVARCHAR(4000)), CAST([app_name] AS NVARCHAR(4000)), CAST([valid_session] AS NVARCHAR(4000)), [max_inactive], [last_access], CAST(DATALENGTH([session_data]) AS BIGINT), HASHBYTES('SHA2_256', [session_data])
FROM [tomcat_sessions]
WHERE 1 = 1
ORDER BY [session_id]

-- duplicates
SELECT CAST(COALESCE(SUM(copies.n - 1), 0) AS BIGINT)
FROM (
  SELECT COUNT_BIG(*) AS n FROM [tomcat_sessions]
  WHERE [session_id] IS NOT NULL AND [app_name] IS NOT NULL
  GROUP BY [session_id], [app_name] HAVING COUNT_BIG(*) > 1
) AS copies

-- encrypted
SELECT N'encrypt_option', CASE encrypt_option WHEN N'TRUE' THEN N'TLS' ELSE N'' END FROM sys.dm_exec_connections WHERE session_id = @@SPID

-- expired_page
SELECT TOP (@P1) CAST([session_id] AS NVARCHAR(4000)), CAST([app_name] AS NVARCHAR(4000))
  , CASE WHEN [last_access] >= @P2 - CASE WHEN [max_inactive] > CAST(9000000000000000 AS BIGINT) THEN CAST(9000000000000000 AS BIGINT) ELSE CAST([max_inactive] AS BIGINT) END * 1000 THEN 1 ELSE 0 END
FROM [tomcat_sessions]
  WITH (ROWLOCK, READPAST, READCOMMITTEDLOCK)
WHERE [max_inactive] > 0 AND [last_access] < @P3 - CASE WHEN [max_inactive] > CAST(9000000000000000 AS BIGINT) THEN CAST(9000000000000000 AS BIGINT) ELSE CAST([max_inactive] AS BIGINT) END * 1000
  AND [session_id] >= CAST(@P4 AS VARCHAR(8000))
  AND ([session_id] > CAST(@P5 AS VARCHAR(8000)) OR [app_name] > CAST(@P6 AS VARCHAR(8000)) OR (CAST(@P7 AS VARCHAR(8000)) IS NULL AND [app_name] IS NOT NULL))
  AND [app_name] IN (CAST(@P8 AS VARCHAR(8000)), @P9)
ORDER BY [session_id]
  , [app_name]

-- expired_page, without its optional lines
SELECT TOP (@P1) CAST([session_id] AS NVARCHAR(4000)), CAST([app_name] AS NVARCHAR(4000))
FROM [tomcat_sessions]
  WITH (ROWLOCK, READPAST, READCOMMITTEDLOCK)
WHERE [max_inactive] > 0 AND [last_access] < @P2 - CASE WHEN [max_inactive] > CAST(9000000000000000 AS BIGINT) THEN CAST(9000000000000000 AS BIGINT) ELSE CAST([max_inactive] AS BIGINT) END * 1000
ORDER BY [session_id]

-- expired_page_by_index
SELECT TOP (@P1) CAST([session_id] AS NVARCHAR(4000)), CAST([app_name] AS NVARCHAR(4000)), [last_access]
  , CASE WHEN [last_access] >= @P2 - CASE WHEN [max_inactive] > CAST(9000000000000000 AS BIGINT) THEN CAST(9000000000000000 AS BIGINT) ELSE CAST([max_inactive] AS BIGINT) END * 1000 THEN 1 ELSE 0 END
FROM [tomcat_sessions]
  WITH (ROWLOCK, READPAST, READCOMMITTEDLOCK)
WHERE [app_name] = CAST(@P3 AS VARCHAR(8000)) AND [last_access] < @P4 AND [max_inactive] > 0 AND [last_access] < @P5 - CASE WHEN [max_inactive] > CAST(9000000000000000 AS BIGINT) THEN CAST(9000000000000000 AS BIGINT) ELSE CAST([max_inactive] AS BIGINT) END * 1000
  AND [last_access] >= @P6
  AND ([last_access] > @P7 OR [session_id] > CAST(@P8 AS VARCHAR(8000)))
ORDER BY [last_access], [session_id]

-- expired_page_by_index, without its optional lines
SELECT TOP (@P1) CAST([session_id] AS NVARCHAR(4000)), CAST([app_name] AS NVARCHAR(4000)), [last_access]
FROM [tomcat_sessions]
  WITH (ROWLOCK, READPAST, READCOMMITTEDLOCK)
WHERE [app_name] = CAST(@P2 AS VARCHAR(8000)) AND [last_access] < @P3 AND [max_inactive] > 0 AND [last_access] < @P4 - CASE WHEN [max_inactive] > CAST(9000000000000000 AS BIGINT) THEN CAST(9000000000000000 AS BIGINT) ELSE CAST([max_inactive] AS BIGINT) END * 1000
ORDER BY [last_access], [session_id]

-- fix_app
SET XACT_ABORT ON;
BEGIN TRANSACTION;
DROP INDEX IF EXISTS [kapp_name] ON [tomcat_sessions];
DROP INDEX IF EXISTS [kexpires_at] ON [tomcat_sessions];
EXEC sp_executesql N'DECLARE @sql NVARCHAR(MAX) = N''''; SELECT @sql = @sql + N''DROP INDEX '' + QUOTENAME(i.name) + N'' ON '' + @table + N''; '' FROM sys.indexes i WHERE i.object_id = OBJECT_ID(@table) AND i.is_primary_key = 0 AND i.is_unique_constraint = 0 AND EXISTS (SELECT 1 FROM sys.index_columns k JOIN sys.columns c ON c.object_id = k.object_id AND c.column_id = k.column_id WHERE k.object_id = i.object_id AND k.index_id = i.index_id AND c.name IN (@c0, @c1)); EXEC (@sql)', N'@table NVARCHAR(520), @c0 SYSNAME, @c1 SYSNAME', @table = 'tomcat_sessions', @c0 = 'session_id', @c1 = 'app_name';
EXEC sp_executesql N'DECLARE @sql NVARCHAR(MAX) = N''''; SELECT @sql = N''ALTER TABLE '' + @table + N'' DROP CONSTRAINT '' + QUOTENAME(name) FROM sys.key_constraints WHERE parent_object_id = OBJECT_ID(@table) AND type = N''PK''; EXEC (@sql)', N'@table NVARCHAR(520)', @table = 'tomcat_sessions';
ALTER TABLE [tomcat_sessions] ALTER COLUMN [session_id] VARCHAR(100) COLLATE Latin1_General_BIN2 NOT NULL;
ALTER TABLE [tomcat_sessions] ALTER COLUMN [app_name] VARCHAR(255) COLLATE Latin1_General_BIN2 NOT NULL;
ALTER TABLE [tomcat_sessions] ALTER COLUMN [app_name] NVARCHAR(255) COLLATE Latin1_General_BIN2 NOT NULL;
ALTER TABLE [tomcat_sessions] ADD PRIMARY KEY CLUSTERED ([session_id], [app_name]);
CREATE INDEX [kapp_name] ON [tomcat_sessions] ([app_name]);
CREATE INDEX [kexpires_at] ON [tomcat_sessions] ([app_name], [last_access]) INCLUDE ([max_inactive]);
COMMIT TRANSACTION

-- fix_app, without its optional lines
SET XACT_ABORT ON;
BEGIN TRANSACTION;
DROP INDEX IF EXISTS [kapp_name] ON [tomcat_sessions];
DROP INDEX IF EXISTS [kexpires_at] ON [tomcat_sessions];
EXEC sp_executesql N'DECLARE @sql NVARCHAR(MAX) = N''''; SELECT @sql = @sql + N''DROP INDEX '' + QUOTENAME(i.name) + N'' ON '' + @table + N''; '' FROM sys.indexes i WHERE i.object_id = OBJECT_ID(@table) AND i.is_primary_key = 0 AND i.is_unique_constraint = 0 AND EXISTS (SELECT 1 FROM sys.index_columns k JOIN sys.columns c ON c.object_id = k.object_id AND c.column_id = k.column_id WHERE k.object_id = i.object_id AND k.index_id = i.index_id AND c.name IN (@c0, @c1)); EXEC (@sql)', N'@table NVARCHAR(520), @c0 SYSNAME, @c1 SYSNAME', @table = 'tomcat_sessions', @c0 = 'session_id', @c1 = 'app_name';
EXEC sp_executesql N'DECLARE @sql NVARCHAR(MAX) = N''''; SELECT @sql = N''ALTER TABLE '' + @table + N'' DROP CONSTRAINT '' + QUOTENAME(name) FROM sys.key_constraints WHERE parent_object_id = OBJECT_ID(@table) AND type = N''PK''; EXEC (@sql)', N'@table NVARCHAR(520)', @table = 'tomcat_sessions';
ALTER TABLE [tomcat_sessions] ALTER COLUMN [session_id] VARCHAR(100) COLLATE Latin1_General_BIN2 NOT NULL;
ALTER TABLE [tomcat_sessions] ADD PRIMARY KEY CLUSTERED ([session_id], [app_name]);
COMMIT TRANSACTION

-- fix_app_missing
ALTER TABLE [tomcat_sessions] ADD [app_name] VARCHAR(255) COLLATE Latin1_General_BIN2 NOT NULL DEFAULT ''

-- fix_data
ALTER TABLE [tomcat_sessions] ALTER COLUMN [session_data] VARBINARY(MAX)

-- fix_duplicates
WITH copies AS (
  SELECT ROW_NUMBER() OVER (PARTITION BY [session_id], [app_name] ORDER BY [last_access] DESC) AS n
  FROM [tomcat_sessions]
  WHERE [session_id] IS NOT NULL AND [app_name] IS NOT NULL
)
DELETE FROM copies WHERE n > 1

-- fix_grants
IF IS_ROLEMEMBER('db_owner', 'tomcat') = 1 ALTER ROLE db_owner DROP MEMBER [tomcat];
REVOKE SELECT, INSERT, UPDATE, DELETE, ALTER, CONTROL FROM [tomcat];
REVOKE UPDATE, REFERENCES, ALTER, CONTROL ON [tomcat_sessions] FROM [tomcat]

-- fix_id
SET XACT_ABORT ON;
BEGIN TRANSACTION;
DROP INDEX IF EXISTS [kapp_name] ON [tomcat_sessions];
DROP INDEX IF EXISTS [kexpires_at] ON [tomcat_sessions];
EXEC sp_executesql N'DECLARE @sql NVARCHAR(MAX) = N''''; SELECT @sql = @sql + N''DROP INDEX '' + QUOTENAME(i.name) + N'' ON '' + @table + N''; '' FROM sys.indexes i WHERE i.object_id = OBJECT_ID(@table) AND i.is_primary_key = 0 AND i.is_unique_constraint = 0 AND EXISTS (SELECT 1 FROM sys.index_columns k JOIN sys.columns c ON c.object_id = k.object_id AND c.column_id = k.column_id WHERE k.object_id = i.object_id AND k.index_id = i.index_id AND c.name IN (@c0, @c1)); EXEC (@sql)', N'@table NVARCHAR(520), @c0 SYSNAME, @c1 SYSNAME', @table = 'tomcat_sessions', @c0 = 'session_id', @c1 = 'app_name';
EXEC sp_executesql N'DECLARE @sql NVARCHAR(MAX) = N''''; SELECT @sql = N''ALTER TABLE '' + @table + N'' DROP CONSTRAINT '' + QUOTENAME(name) FROM sys.key_constraints WHERE parent_object_id = OBJECT_ID(@table) AND type = N''PK''; EXEC (@sql)', N'@table NVARCHAR(520)', @table = 'tomcat_sessions';
ALTER TABLE [tomcat_sessions] ALTER COLUMN [session_id] VARCHAR(100) COLLATE Latin1_General_BIN2 NOT NULL;
ALTER TABLE [tomcat_sessions] ALTER COLUMN [app_name] VARCHAR(255) COLLATE Latin1_General_BIN2 NOT NULL;
ALTER TABLE [tomcat_sessions] ALTER COLUMN [app_name] NVARCHAR(255) COLLATE Latin1_General_BIN2 NOT NULL;
ALTER TABLE [tomcat_sessions] ADD PRIMARY KEY CLUSTERED ([session_id], [app_name]);
CREATE INDEX [kapp_name] ON [tomcat_sessions] ([app_name]);
CREATE INDEX [kexpires_at] ON [tomcat_sessions] ([app_name], [last_access]) INCLUDE ([max_inactive]);
COMMIT TRANSACTION

-- fix_id, without its optional lines
SET XACT_ABORT ON;
BEGIN TRANSACTION;
DROP INDEX IF EXISTS [kapp_name] ON [tomcat_sessions];
DROP INDEX IF EXISTS [kexpires_at] ON [tomcat_sessions];
EXEC sp_executesql N'DECLARE @sql NVARCHAR(MAX) = N''''; SELECT @sql = @sql + N''DROP INDEX '' + QUOTENAME(i.name) + N'' ON '' + @table + N''; '' FROM sys.indexes i WHERE i.object_id = OBJECT_ID(@table) AND i.is_primary_key = 0 AND i.is_unique_constraint = 0 AND EXISTS (SELECT 1 FROM sys.index_columns k JOIN sys.columns c ON c.object_id = k.object_id AND c.column_id = k.column_id WHERE k.object_id = i.object_id AND k.index_id = i.index_id AND c.name IN (@c0, @c1)); EXEC (@sql)', N'@table NVARCHAR(520), @c0 SYSNAME, @c1 SYSNAME', @table = 'tomcat_sessions', @c0 = 'session_id', @c1 = 'app_name';
EXEC sp_executesql N'DECLARE @sql NVARCHAR(MAX) = N''''; SELECT @sql = N''ALTER TABLE '' + @table + N'' DROP CONSTRAINT '' + QUOTENAME(name) FROM sys.key_constraints WHERE parent_object_id = OBJECT_ID(@table) AND type = N''PK''; EXEC (@sql)', N'@table NVARCHAR(520)', @table = 'tomcat_sessions';
ALTER TABLE [tomcat_sessions] ALTER COLUMN [session_id] VARCHAR(100) COLLATE Latin1_General_BIN2 NOT NULL;
ALTER TABLE [tomcat_sessions] ADD PRIMARY KEY CLUSTERED ([session_id], [app_name]);
COMMIT TRANSACTION

-- fix_index_app
CREATE INDEX [kapp_name] ON [tomcat_sessions] ([app_name])

-- fix_index_expiry
SET XACT_ABORT ON;
BEGIN TRANSACTION;
DROP INDEX IF EXISTS [kapp_name] ON [tomcat_sessions];
DROP INDEX IF EXISTS [kexpires_at] ON [tomcat_sessions];
EXEC sp_executesql N'DECLARE @sql NVARCHAR(MAX) = N''''; SELECT @sql = @sql + N''DROP INDEX '' + QUOTENAME(i.name) + N'' ON '' + @table + N''; '' FROM sys.indexes i WHERE i.object_id = OBJECT_ID(@table) AND i.is_primary_key = 0 AND i.is_unique_constraint = 0 AND EXISTS (SELECT 1 FROM sys.index_columns k JOIN sys.columns c ON c.object_id = k.object_id AND c.column_id = k.column_id WHERE k.object_id = i.object_id AND k.index_id = i.index_id AND c.name IN (@c0, @c1)); EXEC (@sql)', N'@table NVARCHAR(520), @c0 SYSNAME, @c1 SYSNAME', @table = 'tomcat_sessions', @c0 = 'session_id', @c1 = 'app_name';
EXEC sp_executesql N'DECLARE @sql NVARCHAR(MAX) = N''''; SELECT @sql = N''ALTER TABLE '' + @table + N'' DROP CONSTRAINT '' + QUOTENAME(name) FROM sys.key_constraints WHERE parent_object_id = OBJECT_ID(@table) AND type = N''PK''; EXEC (@sql)', N'@table NVARCHAR(520)', @table = 'tomcat_sessions';
ALTER TABLE [tomcat_sessions] ALTER COLUMN [session_id] VARCHAR(100) COLLATE Latin1_General_BIN2 NOT NULL;
ALTER TABLE [tomcat_sessions] ALTER COLUMN [app_name] VARCHAR(255) COLLATE Latin1_General_BIN2 NOT NULL;
ALTER TABLE [tomcat_sessions] ALTER COLUMN [app_name] NVARCHAR(255) COLLATE Latin1_General_BIN2 NOT NULL;
ALTER TABLE [tomcat_sessions] ADD PRIMARY KEY CLUSTERED ([session_id], [app_name]);
CREATE INDEX [kapp_name] ON [tomcat_sessions] ([app_name]);
CREATE INDEX [kexpires_at] ON [tomcat_sessions] ([app_name], [last_access]) INCLUDE ([max_inactive]);
COMMIT TRANSACTION

-- fix_index_expiry, without its optional lines
SET XACT_ABORT ON;
BEGIN TRANSACTION;
DROP INDEX IF EXISTS [kexpires_at] ON [tomcat_sessions];
CREATE INDEX [kexpires_at] ON [tomcat_sessions] ([app_name], [last_access]) INCLUDE ([max_inactive]);
COMMIT TRANSACTION

-- fix_last_access
SET XACT_ABORT ON;
BEGIN TRANSACTION;
DROP INDEX IF EXISTS [kexpires_at] ON [tomcat_sessions];
ALTER TABLE [tomcat_sessions] ALTER COLUMN [last_access] BIGINT NOT NULL;
CREATE INDEX [kexpires_at] ON [tomcat_sessions] ([app_name], [last_access]) INCLUDE ([max_inactive]);
COMMIT TRANSACTION

-- fix_last_access, without its optional lines
SET XACT_ABORT ON;
BEGIN TRANSACTION;
DROP INDEX IF EXISTS [kexpires_at] ON [tomcat_sessions];
ALTER TABLE [tomcat_sessions] ALTER COLUMN [last_access] BIGINT NOT NULL;
COMMIT TRANSACTION

-- fix_max_inactive
SET XACT_ABORT ON;
BEGIN TRANSACTION;
DROP INDEX IF EXISTS [kexpires_at] ON [tomcat_sessions];
EXEC sp_executesql N'DECLARE @sql NVARCHAR(MAX) = N''''; SELECT @sql = @sql + N''DROP INDEX '' + QUOTENAME(i.name) + N'' ON '' + @table + N''; '' FROM sys.indexes i WHERE i.object_id = OBJECT_ID(@table) AND i.is_primary_key = 0 AND i.is_unique_constraint = 0 AND EXISTS (SELECT 1 FROM sys.index_columns k JOIN sys.columns c ON c.object_id = k.object_id AND c.column_id = k.column_id WHERE k.object_id = i.object_id AND k.index_id = i.index_id AND c.name IN (@c0)); EXEC (@sql)', N'@table NVARCHAR(520), @c0 SYSNAME', @table = 'tomcat_sessions', @c0 = 'max_inactive';
ALTER TABLE [tomcat_sessions] ALTER COLUMN [max_inactive] BIGINT NOT NULL;
CREATE INDEX [kexpires_at] ON [tomcat_sessions] ([app_name], [last_access]) INCLUDE ([max_inactive]);
COMMIT TRANSACTION

-- fix_max_inactive, without its optional lines
SET XACT_ABORT ON;
BEGIN TRANSACTION;
DROP INDEX IF EXISTS [kexpires_at] ON [tomcat_sessions];
EXEC sp_executesql N'DECLARE @sql NVARCHAR(MAX) = N''''; SELECT @sql = @sql + N''DROP INDEX '' + QUOTENAME(i.name) + N'' ON '' + @table + N''; '' FROM sys.indexes i WHERE i.object_id = OBJECT_ID(@table) AND i.is_primary_key = 0 AND i.is_unique_constraint = 0 AND EXISTS (SELECT 1 FROM sys.index_columns k JOIN sys.columns c ON c.object_id = k.object_id AND c.column_id = k.column_id WHERE k.object_id = i.object_id AND k.index_id = i.index_id AND c.name IN (@c0)); EXEC (@sql)', N'@table NVARCHAR(520), @c0 SYSNAME', @table = 'tomcat_sessions', @c0 = 'max_inactive';
ALTER TABLE [tomcat_sessions] ALTER COLUMN [max_inactive] BIGINT NOT NULL;
COMMIT TRANSACTION

-- fix_null_app
DELETE FROM [tomcat_sessions] WHERE [app_name] IS NULL

-- fix_null_data
DELETE FROM [tomcat_sessions] WHERE [session_data] IS NULL

-- fix_null_times
DELETE FROM [tomcat_sessions] WHERE [max_inactive] IS NULL OR [last_access] IS NULL

-- fix_orphan
ALTER USER [tomcat] WITH LOGIN = [tomcat]

-- fix_primary_key
SET XACT_ABORT ON;
BEGIN TRANSACTION;
DROP INDEX IF EXISTS [kapp_name] ON [tomcat_sessions];
DROP INDEX IF EXISTS [kexpires_at] ON [tomcat_sessions];
EXEC sp_executesql N'DECLARE @sql NVARCHAR(MAX) = N''''; SELECT @sql = @sql + N''DROP INDEX '' + QUOTENAME(i.name) + N'' ON '' + @table + N''; '' FROM sys.indexes i WHERE i.object_id = OBJECT_ID(@table) AND i.is_primary_key = 0 AND i.is_unique_constraint = 0 AND EXISTS (SELECT 1 FROM sys.index_columns k JOIN sys.columns c ON c.object_id = k.object_id AND c.column_id = k.column_id WHERE k.object_id = i.object_id AND k.index_id = i.index_id AND c.name IN (@c0, @c1)); EXEC (@sql)', N'@table NVARCHAR(520), @c0 SYSNAME, @c1 SYSNAME', @table = 'tomcat_sessions', @c0 = 'session_id', @c1 = 'app_name';
EXEC sp_executesql N'DECLARE @sql NVARCHAR(MAX) = N''''; SELECT @sql = N''ALTER TABLE '' + @table + N'' DROP CONSTRAINT '' + QUOTENAME(name) FROM sys.key_constraints WHERE parent_object_id = OBJECT_ID(@table) AND type = N''PK''; EXEC (@sql)', N'@table NVARCHAR(520)', @table = 'tomcat_sessions';
ALTER TABLE [tomcat_sessions] ALTER COLUMN [session_id] VARCHAR(100) COLLATE Latin1_General_BIN2 NOT NULL;
ALTER TABLE [tomcat_sessions] ALTER COLUMN [app_name] VARCHAR(255) COLLATE Latin1_General_BIN2 NOT NULL;
ALTER TABLE [tomcat_sessions] ALTER COLUMN [app_name] NVARCHAR(255) COLLATE Latin1_General_BIN2 NOT NULL;
ALTER TABLE [tomcat_sessions] ADD PRIMARY KEY CLUSTERED ([session_id], [app_name]);
CREATE INDEX [kapp_name] ON [tomcat_sessions] ([app_name]);
CREATE INDEX [kexpires_at] ON [tomcat_sessions] ([app_name], [last_access]) INCLUDE ([max_inactive]);
COMMIT TRANSACTION

-- fix_primary_key, without its optional lines
SET XACT_ABORT ON;
BEGIN TRANSACTION;
DROP INDEX IF EXISTS [kapp_name] ON [tomcat_sessions];
DROP INDEX IF EXISTS [kexpires_at] ON [tomcat_sessions];
EXEC sp_executesql N'DECLARE @sql NVARCHAR(MAX) = N''''; SELECT @sql = @sql + N''DROP INDEX '' + QUOTENAME(i.name) + N'' ON '' + @table + N''; '' FROM sys.indexes i WHERE i.object_id = OBJECT_ID(@table) AND i.is_primary_key = 0 AND i.is_unique_constraint = 0 AND EXISTS (SELECT 1 FROM sys.index_columns k JOIN sys.columns c ON c.object_id = k.object_id AND c.column_id = k.column_id WHERE k.object_id = i.object_id AND k.index_id = i.index_id AND c.name IN (@c0, @c1)); EXEC (@sql)', N'@table NVARCHAR(520), @c0 SYSNAME, @c1 SYSNAME', @table = 'tomcat_sessions', @c0 = 'session_id', @c1 = 'app_name';
EXEC sp_executesql N'DECLARE @sql NVARCHAR(MAX) = N''''; SELECT @sql = N''ALTER TABLE '' + @table + N'' DROP CONSTRAINT '' + QUOTENAME(name) FROM sys.key_constraints WHERE parent_object_id = OBJECT_ID(@table) AND type = N''PK''; EXEC (@sql)', N'@table NVARCHAR(520)', @table = 'tomcat_sessions';
ALTER TABLE [tomcat_sessions] ALTER COLUMN [session_id] VARCHAR(100) COLLATE Latin1_General_BIN2 NOT NULL;
ALTER TABLE [tomcat_sessions] ADD PRIMARY KEY CLUSTERED ([session_id], [app_name]);
COMMIT TRANSACTION

-- fix_row_format
EXEC sp_tableoption @TableNamePattern = 'tomcat_sessions', @OptionName = 'large value types out of row', @OptionValue = 1

-- fix_row_versions
ALTER DATABASE [tomcat] SET READ_COMMITTED_SNAPSHOT ON WITH ROLLBACK IMMEDIATE

-- fix_truncated
DELETE FROM [tomcat_sessions] WHERE DATALENGTH([session_data]) IN (65535, 16777215)

-- fix_valid
ALTER TABLE [tomcat_sessions] ALTER COLUMN [valid_session] CHAR(1)

-- get
SELECT CAST([session_id] AS NVARCHAR(4000)), CAST([app_name] AS NVARCHAR(4000)), CAST([valid_session] AS NVARCHAR(4000)), [max_inactive], [last_access], CAST(DATALENGTH([session_data]) AS BIGINT), [session_data]
FROM [tomcat_sessions]
WHERE [session_id] = CAST(@P1 AS VARCHAR(8000)) AND ([app_name] = CAST(@P2 AS VARCHAR(8000)) OR ([app_name] IS NULL AND CAST(@P3 AS VARCHAR(8000)) IS NULL))

-- grant_all
ALTER ROLE db_owner ADD MEMBER [tomcat]

-- grant_minimal
GRANT SELECT, INSERT, DELETE ON [tomcat_sessions] TO [tomcat]

-- group_primary
SELECT TOP (1) s.primary_replica
FROM sys.dm_hadr_availability_group_states AS s
  JOIN sys.availability_databases_cluster AS d ON d.group_id = s.group_id
WHERE d.database_name = DB_NAME()

-- indexes
SELECT CASE WHEN i.is_primary_key = 1 THEN N'PRIMARY' ELSE i.name END, CASE WHEN i.is_primary_key = 1 THEN 1 ELSE 0 END,
  CASE WHEN i.is_unique = 1 THEN 1 ELSE 0 END, c.name, NULL, 1
FROM sys.indexes i
  JOIN sys.index_columns k ON k.object_id = i.object_id AND k.index_id = i.index_id
  JOIN sys.columns c ON c.object_id = k.object_id AND c.column_id = k.column_id
WHERE i.object_id = OBJECT_ID(CAST(@P1 AS VARCHAR(8000))) AND i.has_filter = 0 AND k.is_included_column = 0
ORDER BY i.name, k.key_ordinal

-- insert
INSERT INTO [tomcat_sessions] ([session_id], [app_name], [valid_session], [max_inactive], [last_access], [session_data])
VALUES (CAST(@P1 AS VARCHAR(8000)), CAST(@P2 AS VARCHAR(8000)), CAST(@P3 AS VARCHAR(8000)), @P4)

-- insert_from_staging
INSERT INTO [tomcat_sessions] ([session_id], [app_name], [valid_session], [max_inactive], [last_access], [session_data])
SELECT id, app, valid, max_inactive, last_access, data FROM #tomcat_staging

-- is_read_only
SELECT CASE WHEN CAST(DATABASEPROPERTYEX(DB_NAME(), 'Updateability') AS VARCHAR(20)) = 'READ_ONLY' THEN 1 ELSE 0 END

-- lock
DECLARE @name NVARCHAR(255) = CAST(@P1 AS VARCHAR(8000)), @wait INT = CASE WHEN @P2 > 2000000 THEN 2000000 ELSE @P3 END * 1000 + 1, @got INT;
EXEC @got = sp_getapplock @Resource = @name, @LockMode = 'Exclusive', @LockOwner = 'Session', @LockTimeout = @wait;
SELECT CASE WHEN @got >= 0 THEN 1 WHEN @got = -1 THEN 0 END

-- lock_held
DECLARE @name NVARCHAR(255) = CAST(@P1 AS VARCHAR(8000));
SELECT CASE WHEN APPLOCK_MODE('public', @name, 'Session') = 'Exclusive' THEN 1 ELSE 0 END

-- lock_rows
SELECT CAST([session_id] AS NVARCHAR(4000)), CAST([app_name] AS NVARCHAR(4000)), CAST([valid_session] AS NVARCHAR(4000)), [max_inactive], [last_access], CAST(DATALENGTH([session_data]) AS BIGINT)
FROM [tomcat_sessions]
  WITH (ROWLOCK
    , UPDLOCK, READPAST, READCOMMITTEDLOCK
    , FORCESEEK
  )
WHERE [session_id] IN (CAST(@P1 AS VARCHAR(8000)), CAST(@P2 AS VARCHAR(8000))) AND ([app_name] = CAST(@P3 AS VARCHAR(8000)) OR ([app_name] IS NULL AND CAST(@P4 AS VARCHAR(8000)) IS NULL))
  AND [max_inactive] > 0 AND [last_access] < @P5 - CASE WHEN [max_inactive] > CAST(9000000000000000 AS BIGINT) THEN CAST(9000000000000000 AS BIGINT) ELSE CAST([max_inactive] AS BIGINT) END * 1000
  AND [last_access] < @P6

-- lock_rows, without its optional lines
SELECT CAST([session_id] AS NVARCHAR(4000)), CAST([app_name] AS NVARCHAR(4000)), CAST([valid_session] AS NVARCHAR(4000)), [max_inactive], [last_access], CAST(DATALENGTH([session_data]) AS BIGINT)
FROM [tomcat_sessions]
  WITH (ROWLOCK
  )
WHERE [session_id] IN (CAST(@P1 AS VARCHAR(8000)), CAST(@P2 AS VARCHAR(8000))) AND ([app_name] = CAST(@P3 AS VARCHAR(8000)) OR ([app_name] IS NULL AND CAST(@P4 AS VARCHAR(8000)) IS NULL))

-- lock_staged_keys
SELECT CAST(t.[session_id] AS NVARCHAR(4000)), CAST(t.[app_name] AS NVARCHAR(4000)), CAST(t.[valid_session] AS NVARCHAR(4000)), t.[max_inactive], t.[last_access], CAST(DATALENGTH(t.[session_data]) AS BIGINT)
FROM #tomcat_keys k
  INNER LOOP JOIN [tomcat_sessions] t
  WITH (ROWLOCK
    , UPDLOCK, READPAST, READCOMMITTEDLOCK
    , FORCESEEK
  )
  ON t.[session_id] = k.id AND (t.[app_name] = k.app OR (t.[app_name] IS NULL AND k.app IS NULL))

-- lock_staged_keys, without its optional lines
SELECT CAST(t.[session_id] AS NVARCHAR(4000)), CAST(t.[app_name] AS NVARCHAR(4000)), CAST(t.[valid_session] AS NVARCHAR(4000)), t.[max_inactive], t.[last_access], CAST(DATALENGTH(t.[session_data]) AS BIGINT)
FROM #tomcat_keys k
  INNER LOOP JOIN [tomcat_sessions] t
  WITH (ROWLOCK
  )
  ON t.[session_id] = k.id AND (t.[app_name] = k.app OR (t.[app_name] IS NULL AND k.app IS NULL))

-- login_exists
SELECT COUNT(*) FROM sys.server_principals WHERE name = CAST(@P1 AS VARCHAR(8000)) AND type = 'S'

-- mark_connection
DECLARE @mark NVARCHAR(255) = CONCAT('tomcat-sessions session ', @@SPID), @got INT;
EXEC @got = sp_getapplock @Resource = @mark, @LockMode = 'Exclusive', @LockOwner = 'Session', @LockTimeout = 0;
SELECT CASE WHEN @got >= 0 THEN CAST(@@SPID AS BIGINT) END

-- marked_connection_exists
DECLARE @mark NVARCHAR(255) = CONCAT('tomcat-sessions session ', @P1);
SELECT CASE WHEN APPLOCK_TEST('public', @mark, 'Exclusive', 'Session') = 0 THEN 1 ELSE 0 END

-- metadata_by_key
SELECT [session_id], [app_name], [valid_session], [max_inactive], [last_access], CAST(DATALENGTH([session_data]) AS BIGINT)
FROM [tomcat_sessions]
  WITH (READUNCOMMITTED)
WHERE [session_id] IN (CAST(@P1 AS VARCHAR(8000)), CAST(@P2 AS VARCHAR(8000))) AND ([app_name] = CAST(@P3 AS VARCHAR(8000)) OR ([app_name] IS NULL AND CAST(@P4 AS VARCHAR(8000)) IS NULL))

-- move_rows
INSERT INTO [tomcat_sessions_swapped] ([session_id], [app_name], [valid_session], [max_inactive], [last_access], [session_data])
SELECT [session_id], [app_name], [valid_session], [max_inactive], [last_access], [session_data]
FROM [tomcat_sessions]
  WITH (ROWLOCK, READPAST, READCOMMITTEDLOCK
    , FORCESEEK
  )
WHERE [session_id] IN (CAST(@P1 AS VARCHAR(8000)), CAST(@P2 AS VARCHAR(8000))) AND ([app_name] = CAST(@P3 AS VARCHAR(8000)) OR ([app_name] IS NULL AND CAST(@P4 AS VARCHAR(8000)) IS NULL))
  AND [last_access] < @P5

-- move_rows, without its optional lines
INSERT INTO [tomcat_sessions_swapped] ([session_id], [app_name], [valid_session], [max_inactive], [last_access], [session_data])
SELECT [session_id], [app_name], [valid_session], [max_inactive], [last_access], [session_data]
FROM [tomcat_sessions]
  WITH (ROWLOCK, READPAST, READCOMMITTEDLOCK
  )
WHERE [session_id] IN (CAST(@P1 AS VARCHAR(8000)), CAST(@P2 AS VARCHAR(8000))) AND ([app_name] = CAST(@P3 AS VARCHAR(8000)) OR ([app_name] IS NULL AND CAST(@P4 AS VARCHAR(8000)) IS NULL))

-- my_grants
SELECT p.name, N'table'
FROM (VALUES (N'SELECT'), (N'INSERT'), (N'DELETE'), (N'UPDATE'), (N'ALTER'), (N'CONTROL')) AS p (name)
WHERE HAS_PERMS_BY_NAME(CAST(@P1 AS VARCHAR(8000)), 'OBJECT', p.name) = 1
UNION ALL
SELECT N'ALL PRIVILEGES', N'database' WHERE HAS_PERMS_BY_NAME(DB_NAME(), 'DATABASE', 'CONTROL') = 1
UNION ALL
SELECT N'ALL PRIVILEGES', N'server' WHERE HAS_PERMS_BY_NAME(NULL, NULL, 'CONTROL SERVER') = 1

-- orphans
SELECT u.name, CASE WHEN EXISTS (SELECT 1 FROM sys.server_principals n WHERE n.name = u.name AND n.type = 'S') THEN 1 ELSE 0 END
FROM sys.database_principals u
WHERE u.type = 'S' AND u.name <> N'dbo' AND u.authentication_type = 1 AND HAS_PERMS_BY_NAME(NULL, NULL, 'VIEW ANY DEFINITION') = 1
  AND NOT EXISTS (SELECT 1 FROM sys.server_principals l WHERE l.sid = u.sid)
ORDER BY u.name

-- page
SELECT TOP (@P1) CAST([session_id] AS NVARCHAR(4000)), CAST([app_name] AS NVARCHAR(4000)), CAST([valid_session] AS NVARCHAR(4000)), [max_inactive], [last_access], CAST(DATALENGTH([session_data]) AS BIGINT)
  , CASE WHEN DATALENGTH([session_data]) <= @P2 THEN [session_data] END
FROM [tomcat_sessions]
WHERE 1 = 1
  AND [session_id] >= CAST(@P3 AS VARCHAR(8000))
  AND ([session_id] > CAST(@P4 AS VARCHAR(8000)) OR [app_name] > CAST(@P5 AS VARCHAR(8000)) OR (CAST(@P6 AS VARCHAR(8000)) IS NULL AND [app_name] IS NOT NULL))
  AND [session_id] >= CAST(@P7 AS VARCHAR(8000))
  AND [session_id] < @P8
  AND [session_id] LIKE REPLACE(REPLACE(REPLACE(REPLACE(CAST(@P9 AS VARCHAR(8000)), '!', '!!'), '%', '!%'), '_', '!_'), '[', '![') + '%' ESCAPE '!'
  AND [app_name] IN (CAST(@P10 AS VARCHAR(8000)), @P11)
  AND [max_inactive] > 0 AND [last_access] < @P12 - CASE WHEN [max_inactive] > CAST(9000000000000000 AS BIGINT) THEN CAST(9000000000000000 AS BIGINT) ELSE CAST([max_inactive] AS BIGINT) END * 1000
  AND [last_access] < @P13
  AND [last_access] >= @P14
  AND DATALENGTH([session_data]) > @P15
  AND (DATALENGTH([session_data]) < @P16 OR [session_data] IS NULL)
ORDER BY [session_id]
  , [app_name]
  , [last_access] DESC, DATALENGTH([session_data]) DESC, [max_inactive] DESC, [valid_session] DESC

-- page, without its optional lines
SELECT TOP (@P1) CAST([session_id] AS NVARCHAR(4000)), CAST([app_name] AS NVARCHAR(4000)), CAST([valid_session] AS NVARCHAR(4000)), [max_inactive], [last_access], CAST(DATALENGTH([session_data]) AS BIGINT)
FROM [tomcat_sessions]
WHERE 1 = 1
ORDER BY [session_id]

-- read_rows
SELECT CAST([session_id] AS NVARCHAR(4000)), CAST([app_name] AS NVARCHAR(4000)), CAST([valid_session] AS NVARCHAR(4000)), [max_inactive], [last_access], CAST(DATALENGTH([session_data]) AS BIGINT), [session_data]
FROM [tomcat_sessions]
WHERE [session_id] IN (CAST(@P1 AS VARCHAR(8000)), CAST(@P2 AS VARCHAR(8000)))

-- reset_password
ALTER LOGIN [tomcat] WITH PASSWORD = 'it''s'
  , CHECK_POLICY = OFF

-- reset_password, without its optional lines
ALTER LOGIN [tomcat] WITH PASSWORD = 'it''s'

-- script_guard
IF DB_NAME() <> 'tomcat'
BEGIN
  RAISERROR('wrong database: the rest of this script is not executed', 16, 1);
  SET NOEXEC ON;
END

-- script_head
SET NOEXEC OFF

-- server
SELECT CAST(SERVERPROPERTY('ProductVersion') AS NVARCHAR(128)), CASE WHEN USER_NAME() = N'dbo' THEN SUSER_SNAME() ELSE USER_NAME() END, DB_NAME(), CAST(2147483647 AS BIGINT),
  CASE WHEN DATABASEPROPERTYEX(DB_NAME(), 'Updateability') = 'READ_ONLY' THEN 1 ELSE 0 END, NULL,
  (SELECT CASE WHEN d.is_read_committed_snapshot_on = 1 THEN 0 ELSE 1 END FROM sys.databases d WHERE d.name = DB_NAME())

-- set_isolation
SET TRANSACTION ISOLATION LEVEL READ COMMITTED

-- set_session
SET LOCK_TIMEOUT 3000; SET DEADLOCK_PRIORITY LOW; SET XACT_ABORT ON; SET NOCOUNT OFF

-- table
SELECT CASE o.type WHEN 'U' THEN N'BASE TABLE' ELSE N'VIEW' END,
  NULL, (SELECT CAST(MIN(i.type_desc) AS NVARCHAR(60)) FROM sys.indexes i WHERE i.object_id = o.object_id AND i.index_id < 2), NULL,
  (SELECT CAST(SUM(p.rows) AS BIGINT) FROM sys.partitions p WHERE p.object_id = o.object_id AND p.index_id < 2), NULL
FROM sys.objects o
WHERE o.object_id = OBJECT_ID(CAST(@P1 AS VARCHAR(8000))) AND o.type IN ('U', 'V')

-- table_storage
EXEC sp_tableoption @TableNamePattern = 'tomcat_sessions', @OptionName = 'large value types out of row', @OptionValue = 1

-- unlock
DECLARE @name NVARCHAR(255) = CAST(@P1 AS VARCHAR(8000));
EXEC sp_releaseapplock @Resource = @name, @LockOwner = 'Session'

-- upgrade_table
SET XACT_ABORT ON;
BEGIN TRANSACTION;
DROP INDEX IF EXISTS [kapp_name] ON [tomcat_sessions];
DROP INDEX IF EXISTS [kexpires_at] ON [tomcat_sessions];
EXEC sp_executesql N'DECLARE @sql NVARCHAR(MAX) = N''''; SELECT @sql = @sql + N''DROP INDEX '' + QUOTENAME(i.name) + N'' ON '' + @table + N''; '' FROM sys.indexes i WHERE i.object_id = OBJECT_ID(@table) AND i.is_primary_key = 0 AND i.is_unique_constraint = 0 AND EXISTS (SELECT 1 FROM sys.index_columns k JOIN sys.columns c ON c.object_id = k.object_id AND c.column_id = k.column_id WHERE k.object_id = i.object_id AND k.index_id = i.index_id AND c.name IN (@c0, @c1, @c2)); EXEC (@sql)', N'@table NVARCHAR(520), @c0 SYSNAME, @c1 SYSNAME, @c2 SYSNAME', @table = 'tomcat_sessions', @c0 = 'session_id', @c1 = 'app_name', @c2 = 'max_inactive';
EXEC sp_executesql N'DECLARE @sql NVARCHAR(MAX) = N''''; SELECT @sql = N''ALTER TABLE '' + @table + N'' DROP CONSTRAINT '' + QUOTENAME(name) FROM sys.key_constraints WHERE parent_object_id = OBJECT_ID(@table) AND type = N''PK''; EXEC (@sql)', N'@table NVARCHAR(520)', @table = 'tomcat_sessions';
ALTER TABLE [tomcat_sessions] ALTER COLUMN [session_id] VARCHAR(100) COLLATE Latin1_General_BIN2 NOT NULL;
ALTER TABLE [tomcat_sessions] ALTER COLUMN [app_name] VARCHAR(255) COLLATE Latin1_General_BIN2 NOT NULL;
ALTER TABLE [tomcat_sessions] ALTER COLUMN [max_inactive] BIGINT NOT NULL;
ALTER TABLE [tomcat_sessions] ADD PRIMARY KEY CLUSTERED ([session_id], [app_name]);
CREATE INDEX [kapp_name] ON [tomcat_sessions] ([app_name]);
CREATE INDEX [kexpires_at] ON [tomcat_sessions] ([app_name], [last_access]) INCLUDE ([max_inactive]);
COMMIT TRANSACTION

-- use_database
USE [tomcat]

-- user_exists
SELECT COUNT(*) FROM sys.database_principals WHERE name = CAST(@P1 AS VARCHAR(8000)) AND type = 'S'

-- user_grants
DECLARE @table SYSNAME = PARSENAME(CAST(@P1 AS VARCHAR(8000)), 1);
DECLARE @granted TABLE (qualifier SYSNAME, owner SYSNAME, name SYSNAME, grantor SYSNAME NULL, grantee SYSNAME, privilege NVARCHAR(32), grantable NVARCHAR(3));
INSERT INTO @granted EXEC sp_table_privileges @table_name = @table;
SELECT privilege, N'the table' FROM @granted WHERE name = @table AND grantee = CAST(@P2 AS VARCHAR(8000))
UNION ALL
SELECT v.privilege, N'the database ' + DB_NAME()
FROM (VALUES (N'SELECT'), (N'INSERT'), (N'UPDATE'), (N'DELETE'), (N'ALTER'), (N'CONTROL')) AS v (privilege)
WHERE IS_ROLEMEMBER('db_owner', CAST(@P3 AS VARCHAR(8000))) = 1
ORDER BY 1, 2

-- create_user
IF DATABASE_PRINCIPAL_ID('tomcat') IS NULL CREATE USER [tomcat] WITH PASSWORD = 'it''s'

-- database_exists
SELECT CASE WHEN DB_NAME() = CAST(@P1 AS VARCHAR(8000)) THEN 1 ELSE 0 END

-- reset_password
ALTER USER [tomcat] WITH PASSWORD = 'it''s'
