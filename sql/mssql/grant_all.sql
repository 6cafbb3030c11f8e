-- Grants all privileges on the database, as guides do: more than Tomcat needs.
-- Works on SQL Server 2012 and later.
ALTER ROLE db_owner ADD MEMBER [tomcat_account]
