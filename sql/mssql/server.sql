-- Reads the kind of the server, the account of this connection, and the limits that matter here.
-- For every command, when it opens the table.
-- It must not need a privilege.
-- The limit of a value is 2 GB; no session reaches the limit of a statement. The last column says whether readers wait for
-- writers: they do without READ_COMMITTED_SNAPSHOT.
-- Grants are made to the database user, whose name may differ from the login's. Administrators are the user dbo; for
-- them the login is reported. On Azure, database_id in sys.databases is not what DB_ID() returns.
-- Works on SQL Server 2005 and later.
SELECT CAST(SERVERPROPERTY('ProductVersion') AS NVARCHAR(128)), CASE WHEN USER_NAME() = N'dbo' THEN SUSER_SNAME() ELSE USER_NAME() END, DB_NAME(), CAST(2147483647 AS BIGINT),
  CASE WHEN DATABASEPROPERTYEX(DB_NAME(), 'Updateability') = 'READ_ONLY' THEN 1 ELSE 0 END, NULL,
  (SELECT CASE WHEN d.is_read_committed_snapshot_on = 1 THEN 0 ELSE 1 END FROM sys.databases d WHERE d.name = DB_NAME())
