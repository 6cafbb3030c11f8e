-- Creates the login of Tomcat's account.
-- The login belongs to the server, its user to the database. The password must satisfy the server's policy unless CHECK_POLICY is off (errors 15116 to 15118).
-- Works on SQL Server 2005 and later.
IF SUSER_ID(:user) IS NULL CREATE LOGIN [tomcat_account] WITH PASSWORD = :password
  , CHECK_POLICY = OFF -- if no_policy
