-- Tells whether the advisory lock of this table is held by this very connection.
DECLARE @name NVARCHAR(255) = :name;
SELECT CASE WHEN APPLOCK_MODE('public', @name, 'Session') = 'Exclusive' THEN 1 ELSE 0 END
