-- Creates Tomcat's account.
-- It is the user of its login in this database. Guides make it before USE, and it lands in master.
-- SQL Server 2005 and later.
IF DATABASE_PRINCIPAL_ID(:user) IS NULL CREATE USER [tomcat_account] FOR LOGIN [tomcat_account]
