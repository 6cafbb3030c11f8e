-- Creates the database.
-- By default readers wait for writers. The following statement lets them read the last committed state. It ends the
-- transactions of other connections, so it is left to you:
--   ALTER DATABASE [tomcat] SET READ_COMMITTED_SNAPSHOT ON WITH ROLLBACK IMMEDIATE
-- Works on SQL Server 2005 and later.
IF DB_ID(:database) IS NULL CREATE DATABASE [tomcat]
