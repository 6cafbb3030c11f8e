-- Releases the advisory lock of this table.
-- For every command that writes, when it ends.
-- Works on SQL Server 2008 and later.
DECLARE @name NVARCHAR(255) = :name;
EXEC sp_releaseapplock @Resource = @name, @LockOwner = 'Session'
