-- Tells whether the advisory lock of this table is held by this very connection.
-- SQL Server 2008 and later.
DECLARE @name NVARCHAR(255) = :name;
SELECT CASE WHEN APPLOCK_MODE('public', @name, 'Session') = 'Exclusive' THEN 1 ELSE 0 END
