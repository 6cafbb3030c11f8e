-- Creates Tomcat's account.
-- Guides write GRANT … IDENTIFIED BY, which MySQL refuses from 8.0 on; this is taken by every version of both servers.
CREATE USER IF NOT EXISTS :user@:host IDENTIFIED BY :password
