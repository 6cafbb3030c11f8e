-- Changes the type of the data column.
-- Up to 2 GB.
-- Works on SQL Server 2005 and later.
ALTER TABLE [tomcat_sessions] ALTER COLUMN [session_data] VARBINARY(MAX)
