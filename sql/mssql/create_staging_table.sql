-- Creates or empties the temporary table into which rows are loaded before they are moved.
-- For `import`, `migrate`, `swap-out` and `swap-in` with many rows.
-- Bulk load has no row locks and does not convert text. The table is visible only to this connection; ids and names arrive
-- in Unicode, as the driver sends them.
-- Works on SQL Server 2005 and later.
IF OBJECT_ID(N'tempdb..#tomcat_staging') IS NOT NULL TRUNCATE TABLE #tomcat_staging
ELSE CREATE TABLE #tomcat_staging (
  id NVARCHAR(400) NOT NULL,
  app NVARCHAR(400),
  valid NVARCHAR(10),
  max_inactive BIGINT,
  last_access BIGINT,
  data VARBINARY(MAX)
)
