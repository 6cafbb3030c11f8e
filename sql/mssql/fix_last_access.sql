-- Changes the type of the last access column: epoch milliseconds.
-- The index with this column is dropped first and created again.
-- Works on SQL Server 2016 and later.
SET XACT_ABORT ON;
BEGIN TRANSACTION;
DROP INDEX IF EXISTS [kexpires_at] ON [tomcat_sessions];
ALTER TABLE [tomcat_sessions] ALTER COLUMN [last_access] BIGINT NOT NULL;
CREATE INDEX [kexpires_at] ON [tomcat_sessions] ([app_name], [last_access]) INCLUDE ([max_inactive]); -- if expiry_indexed
COMMIT TRANSACTION
