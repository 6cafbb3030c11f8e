-- Marks this session, so that another one can tell whether it is still there, and gives its number.
-- By an application lock that the server gives back when the session ends: an account without VIEW SERVER STATE sees no
-- sessions but its own. NULL says that another holds the lock, which belongs to the database.
-- SQL Server 2012 and later.
DECLARE @mark NVARCHAR(255) = CONCAT('tomcat-sessions session ', @@SPID), @got INT;
EXEC @got = sp_getapplock @Resource = @mark, @LockMode = 'Exclusive', @LockOwner = 'Session', @LockTimeout = 0;
SELECT CASE WHEN @got >= 0 THEN CAST(@@SPID AS BIGINT) END
