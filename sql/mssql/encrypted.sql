-- Tells by which cipher this connection is encrypted; the value is empty where it is not.
-- The view wants VIEW SERVER STATE, which Tomcat's account has no business with: then nothing is known.
-- SQL Server 2005 and later.
SELECT N'encrypt_option', CASE encrypt_option WHEN N'TRUE' THEN N'TLS' ELSE N'' END FROM sys.dm_exec_connections WHERE session_id = @@SPID
