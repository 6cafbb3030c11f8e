-- Creates Tomcat's account.
-- It is a user that the database contains, with the password in the database: a copy or a failover takes it along.
-- SQL Server 2012 and later.
IF DATABASE_PRINCIPAL_ID(:user) IS NULL CREATE USER [tomcat_account] WITH PASSWORD = :password
