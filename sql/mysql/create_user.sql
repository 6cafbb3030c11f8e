-- Creates Tomcat's account.
-- Guides use GRANT … IDENTIFIED BY, which MySQL refuses from 8.0; every supported version of MySQL and
-- MariaDB accepts this statement.
CREATE USER IF NOT EXISTS :user@:host IDENTIFIED BY :password
