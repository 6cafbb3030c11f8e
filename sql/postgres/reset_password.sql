-- Changes the password of Tomcat's account.
ALTER ROLE "tomcat_account" PASSWORD :password
