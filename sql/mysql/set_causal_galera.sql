-- Lets each statement of this connection see what was committed on every node before it began.
-- A Galera node may lag behind: without this it answers from what it has applied, and a session that Tomcat is saving
-- through another node is not there. 7 is for reading, for UPDATE and DELETE, and for INSERT.
SET SESSION wsrep_sync_wait = 7
