-- Lets readers see what was committed last, instead of waiting for writers.
-- It ends other connections' transactions, Tomcat's too.
-- SQL Server 2005 and later.
ALTER DATABASE [tomcat] SET READ_COMMITTED_SNAPSHOT ON WITH ROLLBACK IMMEDIATE
