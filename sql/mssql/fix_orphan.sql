-- Gives an account that came with a restored database the login of its name on this server.
-- A user and its login know each other by a number that the login's server made up.
-- SQL Server 2005 and later.
ALTER USER [tomcat_account] WITH LOGIN = [tomcat_account]
