-- Creates the database.
-- Readers wait for writers there, until somebody lets them read what was committed last. It ends other connections'
-- transactions and so is left to you:
--   ALTER DATABASE [tomcat] SET READ_COMMITTED_SNAPSHOT ON WITH ROLLBACK IMMEDIATE
-- SQL Server 2005 and later.
IF DB_ID(:database) IS NULL CREATE DATABASE [tomcat]
