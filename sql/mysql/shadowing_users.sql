-- Lists accounts that the server prefers to Tomcat's when a connection comes from their host.
-- For `init-db --apply`.
-- These are anonymous accounts, and accounts of the same name. The server compares the host first, the most specific one
-- first, and then the name. An anonymous account on localhost, which some installations create, therefore makes logins of
-- tomcat@% fail there with "Access denied". The third column is the statement that removes the account.
SELECT user, host, IF(user = '', CONCAT('DROP USER ''''@', QUOTE(host), ';'), NULL) FROM mysql.user
WHERE user IN ('', :user) AND host <> '' AND host <> :host AND host LIKE :host
ORDER BY user, host
