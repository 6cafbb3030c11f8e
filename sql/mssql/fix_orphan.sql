-- Connects a user of a restored database with the login of the same name on this server.
-- A user is connected with its login by a number that the login's server generated.
-- Works on SQL Server 2005 and later.
ALTER USER [tomcat_account] WITH LOGIN = [tomcat_account]
