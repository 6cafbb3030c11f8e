-- Changes the type of the validity column to one that accepts Tomcat's '1'.
-- Works on SQL Server 2005 and later.
ALTER TABLE [tomcat_sessions] ALTER COLUMN [valid_session] CHAR(1)
