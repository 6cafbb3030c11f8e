-- Lists what Tomcat's account may do.
SHOW GRANTS FOR :user@:host
