-- Gives the advisory lock of this table back.
DECLARE @name NVARCHAR(255) = :name;
EXEC sp_releaseapplock @Resource = @name, @LockOwner = 'Session'
