-- Creates the recommended table. It has the columns of the documented one; any Tomcat configured for that table works unchanged.
-- * The primary key is (session_id, app_name): with sessionCookiePath="/" two contexts share an id, and with a key on the
--   id alone the save of the second one fails with a duplicate key.
-- * session_id and app_name are compared as bytes: under a case-insensitive collation a cookie with the id in lower case finds the row.
--   Since 9.0.122, 10.1.60 and 11.0.26, Tomcat then deletes it, because the id in its data differs. SQL Server ignores trailing spaces in every
--   collation.
-- * max_inactive is BIGINT: Tomcat's expiry query multiplies it by 1000 in its own type. With INT the query fails for the
--   whole application as soon as one session has a timeout above 24.8 days (error 8115).
-- Works on SQL Server 2005 and later.
IF OBJECT_ID(:table, N'U') IS NULL
CREATE TABLE [tomcat_sessions] (
  [session_id] VARCHAR(100) COLLATE Latin1_General_BIN2 NOT NULL,
  [valid_session] CHAR(1) NOT NULL,
  [max_inactive] BIGINT NOT NULL,
  [last_access] BIGINT NOT NULL,
  [app_name] VARCHAR(255) COLLATE Latin1_General_BIN2 NOT NULL,
  [session_data] VARBINARY(MAX),
  PRIMARY KEY CLUSTERED ([session_id], [app_name])
)
