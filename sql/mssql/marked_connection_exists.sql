-- Checks whether a marked connection still exists.
-- For every command that reconnects.
-- No other connection can take the mark while it exists.
-- Works on SQL Server 2012 and later.
DECLARE @mark NVARCHAR(255) = CONCAT('tomcat-sessions session ', :session);
SELECT CASE WHEN APPLOCK_TEST('public', @mark, 'Exclusive', 'Session') = 0 THEN 1 ELSE 0 END
