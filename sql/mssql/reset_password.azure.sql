-- Changes the password of Tomcat's account.
-- Works on SQL Server 2012 and later.
ALTER USER [tomcat_account] WITH PASSWORD = :password
