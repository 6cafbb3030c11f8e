-- Grants all on the database, as guides have it: more than Tomcat needs.
-- SQL Server 2012 and later.
ALTER ROLE db_owner ADD MEMBER [tomcat_account]
