-- Takes the advisory lock of this table, waiting at most so many seconds: 1 taken, 0 held by another, NULL failed.
-- One millisecond is waited at least. It belongs to the session, not to a transaction; 0 and 1 are success, -1 the time-out, the rest errors.
-- SQL Server 2008 and later.
DECLARE @name NVARCHAR(255) = :name, @wait INT = CASE WHEN :wait_seconds > 2000000 THEN 2000000 ELSE :wait_seconds END * 1000 + 1, @got INT;
EXEC @got = sp_getapplock @Resource = @name, @LockMode = 'Exclusive', @LockOwner = 'Session', @LockTimeout = @wait;
SELECT CASE WHEN @got >= 0 THEN 1 WHEN @got = -1 THEN 0 END
