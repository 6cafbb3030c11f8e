-- Deletes the sessions whose data end exactly where a BLOB or a MEDIUMBLOB does.
-- Works on SQL Server 2005 and later.
DELETE FROM [tomcat_sessions] WHERE DATALENGTH([session_data]) IN (65535, 16777215)
