-- Tells whether a session that was marked is still there.
-- Nobody else can have its mark for as long.
-- SQL Server 2012 and later.
DECLARE @mark NVARCHAR(255) = CONCAT('tomcat-sessions session ', :session);
SELECT CASE WHEN APPLOCK_TEST('public', @mark, 'Exclusive', 'Session') = 0 THEN 1 ELSE 0 END
