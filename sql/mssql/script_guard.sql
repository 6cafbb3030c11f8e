-- Keeps the rest of a script from running in another database.
-- If USE fails, sqlcmd continues in its current database; Azure SQL Database does not support USE.
-- SQL Server 2005 and later.
IF DB_NAME() <> :database
BEGIN
  RAISERROR('this is another database than the one that the script is for: nothing more is done', 16, 1);
  SET NOEXEC ON;
END
