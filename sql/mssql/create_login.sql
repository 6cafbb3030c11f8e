-- Creates the login of Tomcat's account, in the server.
-- A password must satisfy the server's policy unless CHECK_POLICY is off (errors 15116 to 15118).
IF SUSER_ID(:user) IS NULL CREATE LOGIN [tomcat_account] WITH PASSWORD = :password
  , CHECK_POLICY = OFF -- if no_policy
