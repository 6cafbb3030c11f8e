-- Changes the password of Tomcat's account.
-- Works on SQL Server 2005 and later.
ALTER LOGIN [tomcat_account] WITH PASSWORD = :password
  , CHECK_POLICY = OFF -- if no_policy
