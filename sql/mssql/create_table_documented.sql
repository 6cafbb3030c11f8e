-- Creates the table as Tomcat guides publish it, column for column.
-- Works on SQL Server 2005 and later.
IF OBJECT_ID(:table, N'U') IS NULL
CREATE TABLE [tomcat_sessions] (
  [session_id] VARCHAR(100) NOT NULL PRIMARY KEY,
  [valid_session] CHAR(1) NOT NULL,
  [max_inactive] INT NOT NULL,
  [last_access] BIGINT NOT NULL,
  [app_name] VARCHAR(255),
  [session_data] VARBINARY(MAX)
)
