-- Creates the table with the columns of the published one and its faults mended; any Tomcat configured for that one works unchanged.
-- * The primary key is (session_id, app_name): with sessionCookiePath="/" two contexts share an id, and under a key of
--   the id alone the second one's save fails on a duplicate.
-- * Both are compared by their bytes: under a case-insensitive collation a cookie with the id in lower case finds the
--   row, and Tomcat then destroys the session, because the id inside is another. SQL Server ignores trailing blanks in
--   every collation.
-- * max_inactive is BIGINT: Tomcat's own expiry query multiplies it by 1000 in its own type, and with INT fails for the
--   whole application as soon as one session may be idle for more than 24.8 days (error 8115).
-- SQL Server 2005 and later.
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
