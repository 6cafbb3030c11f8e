-- Creates Tomcat's account.
-- This is the database user of the login. Guides create it before USE: it is then created in master, by mistake.
-- Works on SQL Server 2005 and later.
IF DATABASE_PRINCIPAL_ID(:user) IS NULL CREATE USER [tomcat_account] FOR LOGIN [tomcat_account]
