-- Reads what kind of server this is, who we are on it, and the limits that matter here.
-- A value holds at most 2 GB; there is no limit on a statement that a session could reach. Without
-- READ_COMMITTED_SNAPSHOT readers wait for writers, which the last column tells.
-- Grants are made to the database user, whose name may differ from the login's. Administrators are the user dbo; for
-- them the login is reported. On Azure, database_id in sys.databases is not what DB_ID() returns.
-- SQL Server 2005 and later.
SELECT CAST(SERVERPROPERTY('ProductVersion') AS NVARCHAR(128)), CASE WHEN USER_NAME() = N'dbo' THEN SUSER_SNAME() ELSE USER_NAME() END, DB_NAME(), CAST(2147483647 AS BIGINT),
  CASE WHEN DATABASEPROPERTYEX(DB_NAME(), 'Updateability') = 'READ_ONLY' THEN 1 ELSE 0 END, NULL,
  (SELECT CASE WHEN d.is_read_committed_snapshot_on = 1 THEN 0 ELSE 1 END FROM sys.databases d WHERE d.name = DB_NAME())
