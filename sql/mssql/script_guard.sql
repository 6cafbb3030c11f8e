-- Keeps the rest of a script from running in another database.
-- If USE fails, sqlcmd without -b and SSMS continue in the current database; Azure SQL Database does not support USE.
-- Works on SQL Server 2005 and later.
IF DB_NAME() <> :database
BEGIN
  RAISERROR('wrong database: the rest of this script is not executed', 16, 1);
  SET NOEXEC ON;
END
