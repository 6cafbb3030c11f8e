-- Lets readers see the last committed state instead of waiting for writers.
-- It ends the transactions of other connections, including Tomcat's.
-- Works on SQL Server 2005 and later.
ALTER DATABASE [tomcat] SET READ_COMMITTED_SNAPSHOT ON WITH ROLLBACK IMMEDIATE
