-- Reads the server's version, the number of this session, and whether it is a member of a cluster that keeps every member's sessions alike.
-- SQL Server needs none: writes go to the primary of an availability group alone, and its lock holds for all of them. The
-- last column is its edition, 5 for Azure SQL Database.
-- SQL Server 2005 and later.
SELECT CAST(SERVERPROPERTY('ProductVersion') AS NVARCHAR(128)), CAST(@@SPID AS BIGINT), 0, 0, CAST(SERVERPROPERTY('EngineEdition') AS BIGINT)
