-- Removes the limit on the connections of Tomcat's account.
ALTER ROLE "tomcat_account" CONNECTION LIMIT -1
