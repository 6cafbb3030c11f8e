-- Creates the user of Tomcat's login in this database.
-- Guides do it before USE, and the user lands in master.
IF DATABASE_PRINCIPAL_ID(:user) IS NULL CREATE USER [tomcat_account] FOR LOGIN [tomcat_account]
