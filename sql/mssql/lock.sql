-- Takes the advisory lock of this table, with a maximum wait in seconds: 1 taken, 0 held by another connection, NULL failed.
-- For every command that writes.
-- It must not block Tomcat, which does not use this lock.
-- The minimum wait is one millisecond. The lock belongs to the connection, not to a transaction. sp_getapplock returns 0 or
-- 1 on success, -1 on a timeout, and other values on errors.
-- Works on SQL Server 2008 and later.
DECLARE @name NVARCHAR(255) = :name, @wait INT = CASE WHEN :wait_seconds > 2000000 THEN 2000000 ELSE :wait_seconds END * 1000 + 1, @got INT;
EXEC @got = sp_getapplock @Resource = @name, @LockMode = 'Exclusive', @LockOwner = 'Session', @LockTimeout = @wait;
SELECT CASE WHEN @got >= 0 THEN 1 WHEN @got = -1 THEN 0 END
