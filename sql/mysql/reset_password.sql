-- Changes the password of Tomcat's account.
ALTER USER :user@:host IDENTIFIED BY :password
