-- Lists accounts that the server takes before Tomcat's when a connection comes from their host.
-- Anonymous ones, and ones of the same name. The server looks for the most specific host first and for the name only then; an anonymous
-- account on localhost, as some installations make it, answers tomcat@% with "Access denied" there. The third column is
-- the statement that removes it.
SELECT user, host, IF(user = '', CONCAT('DROP USER ''''@', QUOTE(host), ';'), NULL) FROM mysql.user
WHERE user IN ('', :user) AND host <> '' AND host <> :host AND host LIKE :host
ORDER BY user, host
