-- Mends the column of the application: compared by its bytes and never NULL.
-- What is in the way, the index and perhaps the key, is dropped by hand first: SQL Server alters no column that they hold.
ALTER TABLE [tomcat_sessions] ALTER COLUMN [app_name] VARCHAR(:length) COLLATE Latin1_General_BIN2 NOT NULL
