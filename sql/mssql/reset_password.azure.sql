-- Gives Tomcat's account another password.
-- SQL Server 2012 and later.
ALTER USER [tomcat_account] WITH PASSWORD = :password
