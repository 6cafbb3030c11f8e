-- Creates Tomcat's account.
-- This is the database user of the login. Guides create it before USE, so that it is created in master.
-- SQL Server 2005 and later.
IF DATABASE_PRINCIPAL_ID(:user) IS NULL CREATE USER [tomcat_account] FOR LOGIN [tomcat_account]
