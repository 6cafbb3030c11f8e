-- Mends the column of the data: up to 2 GB.
ALTER TABLE [tomcat_sessions] ALTER COLUMN [session_data] VARBINARY(MAX)
