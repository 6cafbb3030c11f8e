-- Marks this connection, so that another one can tell whether it still exists, and returns the id of the mark.
-- For every command, when it connects.
-- It must not fail where the mark is taken: then nothing is known about the connection.
-- The mark is an application lock, which the server releases when the connection ends: an account without VIEW SERVER
-- STATE sees only its own connection. NULL means that another connection holds the lock, which belongs to the database.
-- Works on SQL Server 2012 and later.
DECLARE @mark NVARCHAR(255) = CONCAT('tomcat-sessions session ', @@SPID), @got INT;
EXEC @got = sp_getapplock @Resource = @mark, @LockMode = 'Exclusive', @LockOwner = 'Session', @LockTimeout = 0;
SELECT CASE WHEN @got >= 0 THEN CAST(@@SPID AS BIGINT) END
