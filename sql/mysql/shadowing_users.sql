-- Lists the hosts of anonymous accounts: one on localhost is taken before tomcat@%, and a login with a password fails.
SELECT host FROM mysql.user WHERE user = ''
