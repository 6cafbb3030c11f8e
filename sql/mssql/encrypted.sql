-- Reads the cipher of this connection; the value is empty without encryption.
-- For `check`.
-- The view requires VIEW SERVER STATE, which Tomcat's account should not have; the cipher is then unknown.
-- Works on SQL Server 2005 and later.
SELECT N'encrypt_option', CASE encrypt_option WHEN N'TRUE' THEN N'TLS' ELSE N'' END FROM sys.dm_exec_connections WHERE session_id = @@SPID
