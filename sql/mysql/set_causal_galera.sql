-- Makes each statement of this connection see everything that any node committed before it began.
-- For every command on a Galera cluster.
-- A Galera node may lag: without this it answers from what it has applied so far, and a session that Tomcat has just saved
-- through another node is missing. 7 covers SELECT, UPDATE and DELETE, and INSERT.
SET SESSION wsrep_sync_wait = 7
