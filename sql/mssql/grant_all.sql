-- Grants all on the database, as guides have it: more than Tomcat needs.
ALTER ROLE db_owner ADD MEMBER [tomcat_account]
