-- Checks whether this connection holds the advisory lock of this table.
-- For every command that writes, after a pause or a reconnection.
-- Works on SQL Server 2008 and later.
DECLARE @name NVARCHAR(255) = :name;
SELECT CASE WHEN APPLOCK_MODE('public', @name, 'Session') = 'Exclusive' THEN 1 ELSE 0 END
