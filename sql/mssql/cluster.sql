-- Reads the server's version, the id of this connection, and whether the server belongs to a Galera cluster or a replication group.
-- For every command, when it connects.
-- It must not need a privilege.
-- SQL Server has no such cluster: only the primary of an availability group accepts writes, and its lock is valid for the
-- whole group. The last column is the edition, 5 for Azure SQL Database.
-- Works on SQL Server 2005 and later.
SELECT CAST(SERVERPROPERTY('ProductVersion') AS NVARCHAR(128)), CAST(@@SPID AS BIGINT), 0, 0, CAST(SERVERPROPERTY('EngineEdition') AS BIGINT)
