-- Mends the column of the last access: epoch milliseconds.
-- The index that holds it is dropped first and made again.
-- SQL Server 2016 and later.
SET XACT_ABORT ON;
BEGIN TRANSACTION;
DROP INDEX IF EXISTS [kexpires_at] ON [tomcat_sessions];
ALTER TABLE [tomcat_sessions] ALTER COLUMN [last_access] BIGINT NOT NULL;
CREATE INDEX [kexpires_at] ON [tomcat_sessions] ([app_name], [last_access]) INCLUDE ([max_inactive]); -- if expiry_indexed
COMMIT TRANSACTION
