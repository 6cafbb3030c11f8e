-- Creates the table that rows are loaded into before they are moved: bulk load knows no transaction's locks and no conversion.
-- It is this session's own. Ids and names arrive as the driver has them, in Unicode.
IF OBJECT_ID(N'tempdb..#tomcat_staging') IS NULL
CREATE TABLE #tomcat_staging (
  id NVARCHAR(400) NOT NULL,
  app NVARCHAR(400),
  valid NVARCHAR(10),
  max_inactive BIGINT,
  last_access BIGINT,
  data VARBINARY(MAX)
)
