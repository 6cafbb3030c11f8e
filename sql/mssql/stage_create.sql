-- Creates the table that rows are loaded into before they are moved, or empties it.
-- Bulk load knows neither row locks nor the conversion of a text. The table is this session's own; ids and names arrive as
-- the driver has them, in Unicode.
-- SQL Server 2005 and later.
IF OBJECT_ID(N'tempdb..#tomcat_staging') IS NOT NULL TRUNCATE TABLE #tomcat_staging
ELSE CREATE TABLE #tomcat_staging (
  id NVARCHAR(400) NOT NULL,
  app NVARCHAR(400),
  valid NVARCHAR(10),
  max_inactive BIGINT,
  last_access BIGINT,
  data VARBINARY(MAX)
)
