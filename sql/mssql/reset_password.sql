-- Gives Tomcat's account another password.
ALTER LOGIN [tomcat_account] WITH PASSWORD = :password
  , CHECK_POLICY = OFF -- if no_policy
