-- Gives the column of the validity a type that takes Tomcat's '1'.
-- SQL Server 2005 and later.
ALTER TABLE [tomcat_sessions] ALTER COLUMN [valid_session] CHAR(1)
