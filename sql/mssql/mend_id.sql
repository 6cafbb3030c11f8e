-- Mends the column of the session id: compared by its bytes and never NULL.
-- What is in the way, the primary key, is dropped by hand first: SQL Server alters no column that it holds.
ALTER TABLE [tomcat_sessions] ALTER COLUMN [session_id] VARCHAR(:length) COLLATE Latin1_General_BIN2 NOT NULL
