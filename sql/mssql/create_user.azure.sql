-- Creates Tomcat's account.
-- This is a contained user: its password is in the database, so that a copy or a failover includes it.
-- Works on SQL Server 2012 and later.
IF DATABASE_PRINCIPAL_ID(:user) IS NULL CREATE USER [tomcat_account] WITH PASSWORD = :password
