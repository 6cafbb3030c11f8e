-- Gives Tomcat's account another password.
ALTER USER :user@:host IDENTIFIED BY :password
