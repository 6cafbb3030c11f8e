-- Keeps the rest of a script from another database than the one that is meant.
-- After a USE that fails, sqlcmd goes on in the database that it was in; Azure SQL Database has no USE at all.
-- SQL Server 2005 and later.
IF DB_NAME() <> :database
BEGIN
  RAISERROR('this is another database than the one that the script is for: nothing more is done', 16, 1);
  SET NOEXEC ON;
END
